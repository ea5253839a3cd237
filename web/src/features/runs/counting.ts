import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { BoundedCount } from "./queries";

/** Counts that end early: "10,000+" when there are more. */
export function useCountWords(): (found: BoundedCount) => string {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  return ({ count, exact }) => (exact ? formats.number(count) : t("moreThan", { number: formats.number(count) }));
}
