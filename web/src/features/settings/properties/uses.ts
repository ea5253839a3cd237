import { queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";

export type PropertyUse = components["schemas"]["PropertyUse"];

/** By property, what would notice if it were gone: workflows and saved views. */
export const usesQuery = (objectType: string) =>
  queryOptions({
    queryKey: ["properties", objectType, "uses"] as const,
    queryFn: async () => {
      const { results } = await call(api.GET("/penstock/v1/property-uses/{objectType}", { params: { path: { objectType } } }));
      return new Map<string, PropertyUse>(results.map((use) => [use.property, use]));
    },
  });
