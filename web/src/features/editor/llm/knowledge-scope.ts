import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type TokenChoice, type TokenScope, useTokenScope } from "../prompt/token-scope";

/** The token that passages of knowledge sets stand for. */
export const KNOWLEDGE = "knowledge";

/** What tokens may stand for in a prompt: what they may elsewhere, and the passages once a set is chosen. */
export function useKnowledgeScope(chosen: boolean): TokenScope {
  const { t } = useTranslation("forms");
  const scope = useTokenScope();
  return useMemo(() => {
    const passages: TokenChoice = { path: KNOWLEDGE, label: t("knowledge.token"), kind: "output", prose: true };
    const group = { label: t("knowledge.title"), choices: [passages] };
    return { ...scope, groups: chosen ? [group, ...scope.groups] : scope.groups, find: (path) => (path === KNOWLEDGE ? passages : scope.find(path)) };
  }, [scope, chosen, t]);
}
