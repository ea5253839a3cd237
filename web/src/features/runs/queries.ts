import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import type { RunsSearch } from "./list/search";

type Schemas = components["schemas"];
export type ListedRun = Schemas["ListedRun"];
export type RunDetails = Schemas["RunDetails"];
export type RunStep = Schemas["StepShape"];
export type LoggedStep = Schemas["LoggedStep"];
export type RunCounts = Schemas["RunCounts"];
export type BoundedCount = RunCounts["active"];
export type Operation = Schemas["OperationShape"];
export type OperationWish = Schemas["OperationWish"];

const PAGE = 50;

/** Every key of this feature begins with "runs"; what a deed changes is made stale by workflow or by run. */
export const runKeys = {
  all: ["runs"] as const,
  ofFlow: (flowId: string) => ["runs", "flow", flowId] as const,
  list: (flowId: string, filter: RunsSearch) => ["runs", "flow", flowId, "list", filter.status ?? [], filter.action ?? "", filter.code ?? "", filter.from ?? "", filter.to ?? ""] as const,
  log: (flowId: string, filter: RunsSearch) => ["runs", "flow", flowId, "log", filter.step ?? "", filter.action ?? ""] as const,
  counts: (flowId: string) => ["runs", "flow", flowId, "counts"] as const,
  operations: (flowId: string) => ["runs", "flow", flowId, "operations"] as const,
  enrolling: (flowId: string) => ["runs", "flow", flowId, "enrolling"] as const,
  run: (runId: string) => ["runs", "run", runId] as const,
};

const ofFlow = (flowId: string) => ({ path: { flowId } });

/** Runs of a workflow, newest first; the rows of the last filter stay until those of the next are there. */
export function runsQuery(flowId: string, filter: RunsSearch) {
  return infiniteQueryOptions({
    queryKey: runKeys.list(flowId, filter),
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/penstock/v1/enrollments", {
          params: {
            query: {
              flowId,
              limit: PAGE,
              ...(filter.status?.length ? { status: filter.status } : {}),
              ...(filter.action ? { actionId: filter.action } : {}),
              ...(filter.code ? { errorCode: filter.code } : {}),
              ...(filter.from ? { enrolledFrom: startOf(filter.from) } : {}),
              ...(filter.to ? { enrolledTo: startOf(filter.to, 1) } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next.after,
    placeholderData: keepPreviousData,
  });
}

/** The steps of all runs of a workflow, newest first. */
export function logQuery(flowId: string, filter: RunsSearch) {
  return infiniteQueryOptions({
    queryKey: runKeys.log(flowId, filter),
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/penstock/v1/flows/{flowId}/action-log", {
          params: {
            ...ofFlow(flowId),
            query: {
              limit: PAGE,
              ...(filter.step ? { status: filter.step } : {}),
              ...(filter.action ? { actionId: filter.action } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next.after,
    placeholderData: keepPreviousData,
  });
}

export function countsQuery(flowId: string) {
  return queryOptions({
    queryKey: runKeys.counts(flowId),
    queryFn: () => call(api.GET("/penstock/v1/flows/{flowId}/run-counts", { params: ofFlow(flowId) })),
  });
}

/** The live document of a workflow, for its name and the names of its actions. */
export function flowQuery(flowId: string) {
  return queryOptions({
    queryKey: ["flows", flowId, "live"] as const,
    queryFn: () => call(api.GET("/automation/v4/flows/{flowId}", { params: ofFlow(flowId) })),
    staleTime: 60_000,
  });
}

export function runQuery(runId: string) {
  return queryOptions({
    queryKey: runKeys.run(runId),
    queryFn: () => call(api.GET("/penstock/v1/enrollments/{enrollmentId}", { params: { path: { enrollmentId: runId } } })),
  });
}

/** The batch that a run waits for, looked at again now and then. */
export function batchOfRunQuery(runId: string) {
  return queryOptions({
    queryKey: [...runKeys.run(runId), "batch"] as const,
    queryFn: async () => (await call(api.GET("/penstock/v1/enrollments/{enrollmentId}/batch", { params: { path: { enrollmentId: runId } } }))).batch,
    refetchInterval: 15_000,
  });
}

const open = (operation: Operation) => operation.state === "WAITING" || operation.state === "RUNNING";

/** The newest operations on a workflow's runs; looked at every second while one of them is under way. */
export function operationsQuery(flowId: string) {
  return queryOptions({
    queryKey: runKeys.operations(flowId),
    queryFn: async () => (await call(api.GET("/penstock/v1/run-operations", { params: { query: { flowId, limit: 3 } } }))).results,
    refetchInterval: ({ state }) => (state.data?.some(open) ? 1000 : false),
  });
}

/** How far the enrolling of the records that meet the criteria is; looked at every second while it is under way. */
export function enrollingQuery(flowId: string) {
  return queryOptions({
    queryKey: runKeys.enrolling(flowId),
    queryFn: async () => (await call(api.GET("/penstock/v1/flows/{flowId}/enrolling", { params: ofFlow(flowId) }))).enrolling ?? null,
    refetchInterval: ({ state }) => (state.data?.state === "OPEN" ? 1000 : false),
  });
}

/** How long a workflow's logs keep prompts, replies and outputs, in days. */
export function keepingQuery(flowId: string) {
  return queryOptions({
    queryKey: ["flows", flowId, "log-keeping"] as const,
    queryFn: () => call(api.GET("/penstock/v1/flows/{flowId}/log-keeping", { params: ofFlow(flowId) })),
  });
}

export function useStopEnrolling(flowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(api.POST("/penstock/v1/flows/{flowId}/enrolling/cancellation", { params: ofFlow(flowId) })),
    onSettled: () => client.invalidateQueries({ queryKey: runKeys.ofFlow(flowId) }),
  });
}

export type Deed = { kind: "retry"; revision: "same" | "current" } | { kind: "skip"; branch?: string } | { kind: "cancel" };

/** Does something to one run; its page and the lists of its workflow are read anew. */
export function useRunDeed(runId: string, flowId: string | undefined) {
  const client = useQueryClient();
  const at = { params: { path: { enrollmentId: runId } } };
  return useMutation({
    mutationFn: (deed: Deed) => {
      if (deed.kind === "retry") return call(api.POST("/penstock/v1/enrollments/{enrollmentId}/retry", { ...at, body: { revision: deed.revision } }));
      if (deed.kind === "cancel") return call(api.POST("/penstock/v1/enrollments/{enrollmentId}/cancellation", at));
      return call(api.POST("/penstock/v1/enrollments/{enrollmentId}/skip", { ...at, body: deed.branch === undefined ? {} : { branch: deed.branch } }));
    },
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: runKeys.run(runId) });
      if (flowId) await client.invalidateQueries({ queryKey: runKeys.ofFlow(flowId) });
      await client.invalidateQueries({ queryKey: ["attention"] });
    },
  });
}

/** Begins an operation on all runs of a kind; the lists and what needs attention are read anew. */
export function useOperation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: OperationWish) => call(api.POST("/penstock/v1/run-operations", { body: wish })),
    onSettled: async (_done, _error, wish) => {
      await client.invalidateQueries({ queryKey: runKeys.ofFlow(wish.flowId) });
      await client.invalidateQueries({ queryKey: ["attention"] });
    },
  });
}

export function useStopOperation(flowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (operationId: string) => call(api.POST("/penstock/v1/run-operations/{operationId}/cancellation", { params: { path: { operationId } } })),
    onSettled: () => client.invalidateQueries({ queryKey: runKeys.ofFlow(flowId) }),
  });
}

/** The first moment of a day (or of a later one) in the viewer's zone. */
function startOf(day: string, later = 0): string {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + later);
  return date.toISOString();
}
