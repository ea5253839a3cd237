import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import type { Differences } from "../differences/types";
import { at, flowKeys } from "../queries";

export type RevisionRow = components["schemas"]["RevisionRowShape"];

/** The published revisions of a workflow, newest first. */
export const revisionsQuery = (flowId: string) =>
  infiniteQueryOptions({
    queryKey: ["flows", flowId, "revisions"],
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/penstock/v1/flows/{flowId}/revisions", {
          params: { path: { flowId }, query: { limit: 30, ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next.after,
  });

/** What changed from one revision to another, or to the draft. */
export const differencesQuery = (flowId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ["flows", flowId, "differences", from, to],
    queryFn: async () => (await call(api.GET("/penstock/v1/flows/{flowId}/differences", { params: { path: { flowId }, query: { from, to } } }))) as Differences,
    staleTime: to === "draft" ? 0 : Infinity, // revisions never change
  });

/** Takes a revision back as the draft. */
export function useRestore(flowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: { revisionId: string; replaceDraft: boolean }) => call(api.POST("/penstock/v1/flows/{flowId}/restorations", { ...at(flowId), body: wish })),
    onSuccess: () => void client.invalidateQueries({ queryKey: flowKeys.all }),
  });
}
