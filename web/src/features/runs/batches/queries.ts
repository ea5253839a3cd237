import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import { runKeys } from "../queries";

export type Batch = components["schemas"]["BatchShape"];

const PAGE = 50;
/** How often a batch that is under way is looked at again (milliseconds). */
const LOOK = 15_000;

export const isOver = (batch: Batch) => batch.endedAt !== null;

/** The batches with questions of a workflow, newest first. */
export function batchesQuery(flowId: string) {
  return infiniteQueryOptions({
    queryKey: [...runKeys.ofFlow(flowId), "batches"] as const,
    queryFn: ({ pageParam }) => call(api.GET("/penstock/v1/batches", { params: { query: { flowId, limit: PAGE, ...(pageParam ? { after: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next.after,
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.waiting > 0 || !page.results.every(isOver)) ? LOOK : false),
  });
}

export function batchQuery(batchId: string) {
  return queryOptions({
    queryKey: ["runs", "batch", batchId] as const,
    queryFn: () => call(api.GET("/penstock/v1/batches/{batchId}", { params: { path: { batchId } } })),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : LOOK),
  });
}

export function useCancelBatch(batchId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(api.POST("/penstock/v1/batches/{batchId}/cancellation", { params: { path: { batchId } } })),
    onSettled: () => client.invalidateQueries({ queryKey: runKeys.all }),
  });
}
