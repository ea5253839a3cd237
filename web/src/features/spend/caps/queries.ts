import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Cap = Schemas["CapShape"];
export type CapWish = Schemas["CapWish"];
export type Scope = Cap["scope"];
export type Period = Cap["period"];

/** All caps; a workspace has a handful. */
export const capsQuery = queryOptions({
  queryKey: ["spend-caps"],
  queryFn: async () => (await call(api.GET("/penstock/v1/spend-caps"))).results,
  refetchInterval: 10_000,
});

export type FlowSpending = Schemas["FlowSpendingShape"];

/** What a workflow spends, the caps that hold for it, and what its steps (of the draft, if there is one) do at a cap. */
export const flowSpendingQuery = (flowId: string) =>
  queryOptions({
    queryKey: ["spend-caps", "flow", flowId],
    queryFn: () => call(api.GET("/penstock/v1/flows/{flowId}/spending", { params: { path: { flowId } } })),
    refetchInterval: 10_000,
  });

const MOST_OFFERED = 50;

/** Workflows whose name holds the words, for choosing whose the cap is. */
export const flowsToCapQuery = (sought: string) =>
  queryOptions({
    queryKey: ["spend-caps", "flows", sought],
    queryFn: async () => (await call(api.GET("/penstock/v1/flows-overview", { params: { query: { search: sought, limit: MOST_OFFERED } } }))).results,
    placeholderData: keepPreviousData,
  });

/** Sets a cap, or changes the limit of the one that there is. */
export function useSetCap() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (wish: CapWish) => call(api.POST("/penstock/v1/spend-caps", { body: wish })),
    onSuccess: refresh,
  });
}

/** Removes a cap; runs that wait for it go on. */
export function useRemoveCap() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (capId: string) => call(api.DELETE("/penstock/v1/spend-caps/{capId}", { params: { path: { capId } } })),
    onSuccess: refresh,
  });
}

function useRefresh() {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: capsQuery.queryKey });
    await client.invalidateQueries({ queryKey: ["attention"] });
  };
}
