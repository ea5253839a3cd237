import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { Json, JsonObject } from "@/api/json";
import type { components } from "@/api/schema";
import type { ActionType, FlowDocument, FlowProblem, OutputSpec } from "./model/types";
import { asDocument, asJson } from "./model/types";
import { lastSave } from "./store/last-save";
import type { Transport } from "./store/autosave";

type OpenedShape = components["schemas"]["OpenedFlow"];
export type FlowTest = components["schemas"]["FlowTest"];

/** A workflow as the editor opens it: the draft, or the live document while there is no draft. */
export interface OpenedWorkflow {
  id: string;
  name: string;
  objectTypeId: string;
  isEnabled: boolean;
  revisionId: string;
  document: FlowDocument;
  /** 0 while there is no draft. */
  version: number;
  baseRevisionId: string;
  problems: FlowProblem[];
  outputs: Record<string, OutputSpec[]>;
  standing: OpenedShape["standing"];
}

/** Milliseconds for which an answer waits for the code that wants it. */
const UNTIL_THE_EDITOR_IS_THERE = 60_000;

const at = (flowId: string) => ({ params: { path: { flowId } } });

export const editorKeys = {
  /** What is shown of a workflow on its other screens: the draft if there is one. */
  shown: (flowId: string) => ["flows", flowId, "shown"] as const,
  opened: (flowId: string) => ["editor", flowId] as const,
  catalog: ["action-types"] as const,
};

/** A workflow with its draft, as it is after the last save of an editor of this page. */
export async function readFlow(flowId: string): Promise<OpenedShape> {
  await lastSave(flowId);
  return call(api.GET("/penstock/v1/flows/{flowId}/editor", at(flowId)));
}

/** Read afresh whenever the editor opens, and left alone while it is open: the draft belongs to the page then. */
export const openedQuery = (flowId: string) =>
  queryOptions({
    queryKey: editorKeys.opened(flowId),
    queryFn: async () => readOpened(await readFlow(flowId)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/**
 * Asks for a workflow and the catalog before the editor is there to ask. What an earlier visit left is not kept, or
 * its draft would be saved over what came since; what the open editor works on is left alone.
 */
export function startOpening(client: QueryClient, flowId: string): void {
  const queryKey = editorKeys.opened(flowId);
  if (client.getQueryCache().find({ queryKey })?.isActive()) return;
  client.removeQueries({ queryKey, exact: true });
  void client.prefetchQuery({ ...openedQuery(flowId), gcTime: UNTIL_THE_EDITOR_IS_THERE });
  void client.prefetchQuery(catalogQuery);
}

function readOpened(opened: OpenedShape): OpenedWorkflow {
  const { draft } = opened;
  return {
    id: opened.id,
    name: opened.name,
    objectTypeId: opened.objectTypeId,
    isEnabled: opened.isEnabled,
    revisionId: opened.revisionId,
    document: asDocument((draft?.document ?? opened.document) as Json),
    version: Number(draft?.version ?? 0),
    baseRevisionId: draft?.baseRevisionId ?? opened.revisionId,
    problems: opened.problems,
    outputs: opened.outputs,
    standing: opened.standing,
  };
}

export const catalogQuery = queryOptions({
  queryKey: editorKeys.catalog,
  queryFn: async () => {
    const answer = (await call(api.GET("/automation/v4/action-types"))) as { results: ActionType[] };
    return answer.results;
  },
  staleTime: 300_000,
});

const NO_TYPES: readonly ActionType[] = [];

/** Every action that workflows can hold; empty until it is read. */
export function useCatalog(): readonly ActionType[] {
  return useQuery(catalogQuery).data ?? NO_TYPES;
}

/** The draft of one workflow, for the autosave. */
export function draftTransport(flowId: string): Transport {
  return {
    save: async (document, version, keepalive) => {
      const saved = await call(
        api.PUT("/penstock/v1/flows/{flowId}/draft", { ...at(flowId), body: { document: asJson(document) as never, version }, keepalive }),
      );
      return { version: Number(saved.version), problems: saved.problems, outputs: saved.outputs };
    },
    readTheirs: async () => {
      const draft = await call(api.GET("/penstock/v1/flows/{flowId}/draft", at(flowId)));
      return { document: asDocument(draft.document as Json), version: Number(draft.version), by: draft.savedBy.name, at: draft.savedAt };
    },
  };
}

export async function checkDocument(document: FlowDocument) {
  return call(api.POST("/penstock/v1/flow-checks", { body: { flow: asJson(document) as never, moment: "turn on" } }));
}

export async function testFlow(flowId: string, document: FlowDocument, recordId: string): Promise<FlowTest> {
  return call(api.POST("/penstock/v1/flows/{flowId}/flow-tests", { ...at(flowId), body: { document: asJson(document) as never, recordId } }));
}

export async function setActive(flowId: string, enabled: boolean) {
  return call(api.PUT("/penstock/v1/flows/{flowId}/activation", { ...at(flowId), body: { enabled } }));
}

/** Says that this page is open (or is left), and learns who else's is. */
export async function announce(flowId: string, editing: boolean) {
  const answer = await call(api.PUT("/penstock/v1/flows/{flowId}/presence", { ...at(flowId), body: { editing }, keepalive: !editing }));
  return answer.others;
}

/** Somebody else who has this workflow open. */
export type Colleague = Awaited<ReturnType<typeof announce>>[number];

/** A new workflow out of a document, for keeping one's own version after somebody else saved. */
export async function saveAsCopy(document: FlowDocument, name: string): Promise<string> {
  const { isEnabled: _, ...rest } = asJson(document) as JsonObject;
  const made = await call(api.POST("/automation/v4/flows", { body: { ...rest, name } as never }));
  return String((made as { id?: unknown }).id);
}
