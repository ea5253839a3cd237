import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import type { SpendSearch } from "./search";

type Schemas = components["schemas"];
export type Spend = Schemas["SpendShape"];
export type SpendRow = Schemas["SpendRowShape"];
export type Performance = Schemas["PerformanceShape"];
export type GroupBy = "day" | "flow" | "model" | "connection";

/** Figures of the span that the address names; those of the last one stay until the next are there. */
export function spendQuery(search: SpendSearch, groupBy: readonly GroupBy[]) {
  return queryOptions({
    queryKey: ["spend", search.from ?? "", search.to ?? "", search.flow ?? "", groupBy.join(",")],
    queryFn: () =>
      call(api.GET("/penstock/v1/spend", { params: { query: { ...span(search), groupBy: [...groupBy], ...(search.flow ? { flowId: search.flow } : {}) } } })),
    placeholderData: keepPreviousData,
  });
}

export function performanceQuery(flowId: string, search: SpendSearch) {
  return queryOptions({
    queryKey: ["spend", "performance", flowId, search.from ?? "", search.to ?? ""],
    queryFn: () => call(api.GET("/penstock/v1/flows/{flowId}/performance", { params: { path: { flowId }, query: span(search) } })),
    placeholderData: keepPreviousData,
  });
}

function span({ from, to }: SpendSearch): { from?: string; to?: string } {
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}
