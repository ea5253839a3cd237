import { useMemo } from "react";
import { actionsOf } from "@/features/editor/model/types";
import { useFlowWords } from "@/features/workflows/words";

const USE_CUSTOM_LLM = "1-1000";

/** The AI steps of what is edited now, with their names. */
export function useLlmSteps(flowId: string): { value: string; label: string }[] {
  const words = useFlowWords(flowId);
  return useMemo(
    () =>
      actionsOf(words.document)
        .filter((action) => action.actionTypeId === USE_CUSTOM_LLM)
        .map(({ actionId }) => ({ value: actionId, label: words.step(actionId) ?? actionId })),
    [words],
  );
}
