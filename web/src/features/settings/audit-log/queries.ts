import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import { actorOf, type AuditSearch } from "./audit-search";

export type AuditEntry = components["schemas"]["AuditEntryShape"];

/** Who did what, newest first, page after page. */
export const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit-log", search],
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/penstock/v1/audit-log", {
          params: {
            query: { limit: 50, ...(search.action ? { action: search.action } : {}), ...actorOf(search.actor), ...(pageParam ? { after: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next.after,
  });

/** The actions that stand in the log, to filter by. */
export const auditActionsQuery = queryOptions({
  queryKey: ["audit-log-actions"],
  queryFn: async () => (await call(api.GET("/penstock/v1/audit-log/actions"))).results,
});
