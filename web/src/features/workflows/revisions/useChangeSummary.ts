import { useTranslation } from "react-i18next";
import type { RevisionRow } from "./queries";

const KINDS = ["added", "removed", "changed", "moved", "settings"] as const;

/** How much a revision changed, in a few words: `1 step added, 2 changed`. */
export function useChangeSummary(): (row: RevisionRow) => string {
  const { t, i18n } = useTranslation("workflows");
  const list = new Intl.ListFormat(i18n.language, { type: "unit", style: "short" });
  return ({ changes }) => {
    if (!changes) return t("revisions.first");
    const parts = KINDS.filter((kind) => changes[kind] > 0).map((kind) => t(`revisions.counts.${kind}`, { count: changes[kind] }));
    return parts.length > 0 ? list.format(parts) : t("revisions.nothing");
  };
}
