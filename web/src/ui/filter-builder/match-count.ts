import { queryOptions } from "@tanstack/react-query";
import type { JsonObject } from "@/api/json";
import { ApiProblem } from "@/api/problem";

export interface MatchCount {
  count: number;
  /** False when there are more than `count`. */
  exact: boolean;
}

/** The number of records that a filter matches now; cheap, so that it can be asked while somebody types. */
export const matchCountQuery = (objectType: string, filter: JsonObject | null) =>
  queryOptions({
    queryKey: ["records", objectType, "count", filter],
    queryFn: async ({ signal }): Promise<MatchCount> => {
      const response = await fetch(`/penstock/v1/records/${encodeURIComponent(objectType)}/count`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ filter }),
        signal,
      });
      const body: unknown = await response.json();
      if (!response.ok) throw new ApiProblem(response.status, typeof body === "object" && body !== null ? body : {});
      return body as MatchCount;
    },
    staleTime: 30_000,
    retry: false,
  });
