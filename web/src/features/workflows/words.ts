import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { type Lookup, titleOf } from "@/features/editor/describe/describe-step";
import { useLookup } from "@/features/editor/describe/use-lookup";
import { stepName } from "@/features/editor/model/names";
import { readTree } from "@/features/editor/model/tree";
import { actionsOf, type ActionType, asDocument, type FlowDocument, typeOf } from "@/features/editor/model/types";
import { editorKeys, readFlow, useCatalog } from "@/features/editor/queries";

/** What the editor shows of a workflow: its draft, else its live document. Read afresh for every review. */
export const shownQuery = (flowId: string) =>
  queryOptions({
    queryKey: editorKeys.shown(flowId),
    queryFn: async () => {
      const { draft, document, outputs, ...flow } = await readFlow(flowId);
      return { ...flow, document: asDocument((draft?.document ?? document) as Json), draft, outputs };
    },
    staleTime: 0,
  });

export interface FlowWords {
  document: FlowDocument;
  catalog: readonly ActionType[];
  lookup: Lookup;
  /** `3. Classify` for a step of the document; undefined for one that it does not have. */
  step: (actionId: string) => string | undefined;
  /** The step that the path of a problem leads into. */
  stepAt: (path: string) => string | undefined;
}

const EMPTY: FlowDocument = {};
const NO_OUTPUTS = {};

/** The words of one workflow: what its steps, properties and outputs are called. */
export function useFlowWords(flowId: string): FlowWords {
  const { t } = useTranslation("editor");
  const { data: shown } = useQuery(shownQuery(flowId));
  const catalog = useCatalog();
  const document = shown?.document ?? EMPTY;
  const tree = useMemo(() => readTree(document), [document]);
  const lookup = useLookup(document, tree, catalog, shown?.outputs ?? NO_OUTPUTS);

  return useMemo(() => {
    const step = (actionId: string) => {
      const place = tree.places.get(actionId);
      if (!place) return undefined;
      const { number, action } = place.step;
      const type = typeOf(catalog, action);
      return t("workflows:step", { number, title: stepName(document, actionId) || (type ? titleOf(type, t) : (action.actionTypeId ?? action.type)) });
    };
    const stepAt = (path: string) => {
      const index = /^actions\[(\d+)\]/.exec(path)?.[1];
      const action = index === undefined ? undefined : actionsOf(document)[Number(index)];
      return action ? step(action.actionId) : t(path.startsWith("enrollmentCriteria") ? "workflows:field.enrollmentCriteria" : "workflows:settings");
    };
    return { document, catalog, lookup, step, stepAt };
  }, [tree, document, catalog, lookup, t]);
}
