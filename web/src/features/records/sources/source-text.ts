import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Source } from "../contract";

/** Who wrote something, in words: "Anna Berg", "import contacts.csv", "Triage complaints, step 2: Classify". */
export function useSourceText(): (source: Source) => string {
  const { t } = useTranslation("records");
  return useCallback(
    (source) => {
      const { workflow, name } = source;
      switch (source.kind) {
        case "person":
          return name || t("source.somebody");
        case "api_token":
          return t("source.apiToken", { name });
        case "import":
          return t("source.import", { name });
        case "command_line":
          return t("source.commandLine");
        case "penstock":
          return t("source.penstock");
        case "workflow": {
          const flow = workflow?.flowName ?? name;
          if (!workflow || workflow.stepNumber === null) return t("source.workflow", { flow });
          return workflow.stepTitle ? t("source.namedStep", { flow, step: workflow.stepNumber, title: workflow.stepTitle }) : t("source.step", { flow, step: workflow.stepNumber });
        }
        default:
          return name || t("source.unknown");
      }
    },
    [t],
  );
}
