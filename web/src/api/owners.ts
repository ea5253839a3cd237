import { queryOptions } from "@tanstack/react-query";
import { api, call } from "./client";

export interface OwnerName {
  id: string;
  name: string;
  archived: boolean;
}

/** The people whose ids stand in owner properties. A workspace has few, so one page holds them. */
export const ownersQuery = queryOptions({
  queryKey: ["owners"],
  queryFn: async (): Promise<OwnerName[]> => {
    const { results } = await call(api.GET("/crm/v3/owners", { params: { query: { limit: 500 } } }));
    return results.map((owner) => ({ id: owner.id, name: `${owner.firstName} ${owner.lastName}`.trim() || owner.email, archived: owner.archived }));
  },
  staleTime: 5 * 60_000,
});
