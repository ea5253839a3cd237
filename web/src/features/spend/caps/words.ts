import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { Cap } from "./queries";

/** What a cap is called: whose it is, and how much in which time. */
export function useCapWords() {
  const { t } = useTranslation("spend");
  const formats = useFormats();
  const name = (cap: Cap) => cap.subjectName || t(cap.scope === "connection" ? "goneConnection" : "unnamed", { id: cap.subjectId });
  return {
    name,
    whose: (cap: Cap) => (cap.scope === "workspace" ? t("caps.scope.workspace") : cap.scope === "run" ? `${t("caps.eachRunOf")} ${name(cap)}` : name(cap)),
    limit: (cap: Cap) => t(cap.scope === "run" ? "caps.limit.run" : `caps.limit.${cap.period}`, { amount: formats.money(Number(cap.limitUsd)) }),
  };
}
