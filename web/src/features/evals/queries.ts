import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, asForm, call } from "@/api/client";
import type { JsonObject } from "@/api/json";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Sample = Schemas["FlowSample"];
export type SampleRow = Schemas["SampleRowShape"];
export type EvalSet = Schemas["EvalSetShape"];
export type EvalCase = Schemas["EvalCaseShape"];
export type EvalRun = Schemas["EvalRunDetails"];
export type EvalRow = Schemas["EvalRowShape"];
export type Confusion = Schemas["ConfusionShape"];
export type Comparison = Schemas["ComparisonShape"];
export type Proposal = Schemas["ProposalShape"];
export type ProposedEval = Schemas["ProposedEvalShape"];
export type Gate = Schemas["GateShape"];

/** Milliseconds between two looks at what is going on. */
const WATCH = 1000;

export const evalKeys = { all: ["evals"] as const };

export function goesOn({ state }: { state: string }): boolean {
  return state === "WAITING" || state === "RUNNING";
}

export const samplesQuery = (flowId: string) =>
  queryOptions({
    queryKey: ["evals", "samples", flowId],
    queryFn: async () => (await call(api.GET("/penstock/v1/flows/{flowId}/samples", { params: { path: { flowId }, query: { limit: 20 } } }))).results,
    refetchInterval: ({ state }) => (state.data?.some(goesOn) ? WATCH : false),
  });

/** A sample with all of its rows, looked at again while it goes on. */
export const sampleQuery = (sampleId: string) =>
  queryOptions({
    queryKey: ["evals", "sample", sampleId],
    queryFn: async () => {
      const path = { sampleId };
      const sample = await call(api.GET("/penstock/v1/samples/{sampleId}", { params: { path } }));
      const rows: SampleRow[] = [];
      let after: number | undefined = 0;
      while (after !== undefined) {
        const page: Schemas["SampleRows"] = await call(api.GET("/penstock/v1/samples/{sampleId}/rows", { params: { path, query: { limit: 100, after } } }));
        rows.push(...page.results);
        after = page.paging ? Number(page.paging.next.after) : undefined;
      }
      return { sample, rows };
    },
    refetchInterval: ({ state }) => (state.data && goesOn(state.data.sample) ? WATCH : false),
  });

export const setsQuery = (flowId: string) =>
  queryOptions({
    queryKey: ["evals", "sets", flowId],
    queryFn: async () => (await call(api.GET("/penstock/v1/flows/{flowId}/eval-sets", { params: { path: { flowId } } }))).results,
  });

export const casesQuery = (evalSetId: string) =>
  queryOptions({
    queryKey: ["evals", "cases", evalSetId],
    queryFn: async () => {
      const found: EvalCase[] = [];
      let after: string | undefined;
      do {
        const page: Schemas["EvalCases"] = await call(api.GET("/penstock/v1/eval-sets/{evalSetId}/cases", { params: { path: { evalSetId }, query: { limit: 100, ...(after ? { after } : {}) } } }));
        found.push(...page.results);
        after = page.paging?.next.after;
      } while (after);
      return found;
    },
  });

export const runsQuery = (evalSetId: string) =>
  queryOptions({
    queryKey: ["evals", "runs", evalSetId],
    queryFn: async () => (await call(api.GET("/penstock/v1/eval-sets/{evalSetId}/runs", { params: { path: { evalSetId }, query: { limit: 20 } } }))).results,
    refetchInterval: ({ state }) => (state.data?.some(goesOn) ? WATCH : false),
  });

export const rowsQuery = (run: EvalRun) =>
  queryOptions({
    queryKey: ["evals", "rows", run.id, run.done],
    queryFn: async () => {
      const found: EvalRow[] = [];
      let after: number | undefined = 0;
      while (after !== undefined) {
        const page: Schemas["EvalRows"] = await call(api.GET("/penstock/v1/eval-runs/{evalRunId}/rows", { params: { path: { evalRunId: run.id }, query: { limit: 100, after } } }));
        found.push(...page.results);
        after = page.paging ? Number(page.paging.next.after) : undefined;
      }
      return found;
    },
    placeholderData: (before) => before,
  });

/** One run by its id, looked at again while it goes on. */
export const runQuery = (evalRunId: string) =>
  queryOptions({
    queryKey: ["evals", "run", evalRunId],
    queryFn: () => call(api.GET("/penstock/v1/eval-runs/{evalRunId}", { params: { path: { evalRunId } } })),
    refetchInterval: ({ state }) => (state.data && goesOn(state.data) ? WATCH : false),
  });

/** A run of which `done` cases are done, beside the run `before`. */
export const comparisonQuery = (evalRunId: string, done: number, before: string) =>
  queryOptions({
    queryKey: ["evals", "comparison", evalRunId, before, done],
    queryFn: () => call(api.GET("/penstock/v1/eval-runs/{evalRunId}/comparison", { params: { path: { evalRunId }, query: { before } } })),
  });

/** What the gates of a workflow say of its draft, else of its live revision. */
export const gateQuery = (flowId: string, revision?: "live") =>
  queryOptions({
    queryKey: ["evals", "gate", flowId, revision ?? "edited"],
    queryFn: () => call(api.GET("/penstock/v1/flows/{flowId}/gate", { params: { path: { flowId }, query: revision ? { revision } : {} } })),
    staleTime: 0,
  });

export function useStartSample(flowId: string) {
  return useEvalMutation((wish: { number: number; actionId?: string; maxUsd?: string }) =>
    call(api.POST("/penstock/v1/flows/{flowId}/samples", { params: { path: { flowId } }, body: wish as never })),
  );
}

export function useCancelSample() {
  return useEvalMutation((sampleId: string) => call(api.POST("/penstock/v1/samples/{sampleId}/cancellation", { params: { path: { sampleId } } })));
}

export function useCreateSet(flowId: string) {
  return useEvalMutation((wish: { name: string; actionId: string; judge: { connectionId: string; model: string } | null }) =>
    call(api.POST("/penstock/v1/flows/{flowId}/eval-sets", { params: { path: { flowId } }, body: wish })),
  );
}

/** Another name or judge. */
export function useChangeSet() {
  return useEvalMutation(({ evalSetId, ...wish }: { evalSetId: string; name: string; judge: EvalSet["judge"] }) =>
    call(api.PUT("/penstock/v1/eval-sets/{evalSetId}", { params: { path: { evalSetId } }, body: wish })),
  );
}

export function useDeleteSet() {
  return useEvalMutation((evalSetId: string) => call(api.DELETE("/penstock/v1/eval-sets/{evalSetId}", { params: { path: { evalSetId } } })));
}

export interface KeptRow {
  position: number;
  corrections: JsonObject;
  /** In place of those that follow from the answer. */
  checks?: EvalCase["checks"];
}

export function useKeep() {
  return useEvalMutation(({ evalSetId, ...wish }: { evalSetId: string; sampleId: string; rows: KeptRow[] }) =>
    call(api.POST("/penstock/v1/eval-sets/{evalSetId}/kept-rows", { params: { path: { evalSetId } }, body: wish as never })),
  );
}

interface CaseWish {
  evalSetId: string;
  name: string;
  checks: EvalCase["checks"];
}

/** A case of a record as it is now. */
export function useAddCase() {
  return useEvalMutation(({ evalSetId, ...wish }: CaseWish & { recordId: string }) => call(api.POST("/penstock/v1/eval-sets/{evalSetId}/cases", { params: { path: { evalSetId } }, body: wish as never })));
}

export function useChangeCase() {
  return useEvalMutation(({ evalSetId, caseId, ...wish }: CaseWish & { caseId: string }) =>
    call(api.PUT("/penstock/v1/eval-sets/{evalSetId}/cases/{caseId}", { params: { path: { evalSetId, caseId } }, body: wish as never })),
  );
}

export function useImportCases() {
  return useEvalMutation(({ evalSetId, file }: { evalSetId: string; file: File }) =>
    call(api.POST("/penstock/v1/eval-sets/{evalSetId}/case-imports", { params: { path: { evalSetId } }, ...asForm({ files: file }) })),
  );
}

export function useDeleteCase() {
  return useEvalMutation(({ evalSetId, caseId }: { evalSetId: string; caseId: string }) =>
    call(api.DELETE("/penstock/v1/eval-sets/{evalSetId}/cases/{caseId}", { params: { path: { evalSetId, caseId } } })),
  );
}

export function useStartRun() {
  return useEvalMutation(({ evalSetId, ...wish }: { evalSetId: string; revision?: string; connectionId?: string; model?: string }) =>
    call(api.POST("/penstock/v1/eval-sets/{evalSetId}/runs", { params: { path: { evalSetId } }, body: wish as never })),
  );
}

export function useCancelRun() {
  return useEvalMutation((evalRunId: string) => call(api.POST("/penstock/v1/eval-runs/{evalRunId}/cancellation", { params: { path: { evalRunId } } })));
}

/** Another model in the drafts of those who ask `old` through the connection: in `flowIds`, or everywhere. */
export function useReplaceModel() {
  return useEvalMutation(
    async (wish: { old: string; new: string; connectionId: string; flowIds: string[] }) => (await call(api.POST("/penstock/v1/model-replacements", { body: wish }))).results,
  );
}

/** Closes or opens the gate of a set; the set as it is now takes its place in the list at once. */
export function useSetGate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ evalSetId, ...wish }: { evalSetId: string; gates: boolean; margin?: number; baselineRunId?: string }) =>
      call(api.PUT("/penstock/v1/eval-sets/{evalSetId}/gate", { params: { path: { evalSetId } }, body: wish })),
    onSuccess: (changed) => {
      client.setQueriesData<EvalSet[]>({ queryKey: ["evals", "sets"] }, (found) => found?.map((one) => (one.id === changed.id ? changed : one)));
      void client.invalidateQueries({ queryKey: evalKeys.all });
    },
  });
}

function useEvalMutation<Wish, Done>(send: (wish: Wish) => Promise<Done>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => void client.invalidateQueries({ queryKey: evalKeys.all }) });
}
