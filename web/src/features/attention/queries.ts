import { queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Group = Schemas["AttentionGroupShape"];
export type Remedy = Schemas["RemedyShape"];

/** The badge of the navigation reads ["attention", "count"]; both are made stale together. */
export const attentionKey = ["attention"] as const;

export const attentionQuery = queryOptions({
  queryKey: ["attention", "groups"],
  queryFn: () => call(api.GET("/penstock/v1/attention")),
});
