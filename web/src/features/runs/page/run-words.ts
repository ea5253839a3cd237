import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, call } from "@/api/client";
import type { Json } from "@/api/json";
import type { Lookup } from "../../editor/describe/describe-step";
import { useLookup } from "../../editor/describe/use-lookup";
import { readTree, type Tree } from "../../editor/model/tree";
import { type ActionType, asDocument, type FlowDocument, type OutputSpec } from "../../editor/model/types";
import { useCatalog } from "../../editor/queries";
import type { RunDetails } from "../queries";

const NONE: Readonly<Record<string, OutputSpec[]>> = {};

interface RunWords {
  document: FlowDocument;
  tree: Tree;
  catalog: readonly ActionType[];
  look: Lookup;
}

/** The workflow as it was when the run began, and what its steps, properties and outputs are called. */
export function useRunWords(run: RunDetails): RunWords {
  const catalog = useCatalog();
  // A revision never changes: while the run moves, the cards keep their documents and do not render again.
  const source = JSON.stringify(run.flow.document);
  const document = useMemo(() => asDocument(JSON.parse(source) as Json), [source]);
  const tree = useMemo(() => readTree(document), [document]);
  const { data: outputs = NONE } = useQuery({
    queryKey: ["flow-outputs", run.flowId, run.revisionId],
    queryFn: async () => (await call(api.POST("/penstock/v1/flow-checks", { body: { flow: run.flow.document, moment: "save" } }))).outputs,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { document, tree, catalog, look: useLookup(document, tree, catalog, outputs) };
}
