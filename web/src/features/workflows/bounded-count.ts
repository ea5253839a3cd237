import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";

/** Counts that end early for being quick: `1,000+` when there are at least so many. */
export function useBoundedCount(): (found: { count: number; exact: boolean }) => string {
  const { t } = useTranslation("workflows");
  const formats = useFormats();
  return ({ count, exact }) => (exact ? formats.number(count) : t("atLeast", { number: formats.number(count) }));
}
