import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { OutputSpec } from "@/features/editor/model/types";
import { shownQuery } from "@/features/workflows/words";

/** What a step answers, of what is edited now; where an answer came from is no answer. */
export function useAnswerFields(flowId: string, actionId: string): readonly OutputSpec[] {
  const { data: shown } = useQuery(shownQuery(flowId));
  return useMemo(() => (shown?.outputs[actionId] ?? []).filter(({ name }) => !name.startsWith("hs_")), [shown, actionId]);
}
