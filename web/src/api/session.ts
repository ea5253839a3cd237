import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, call } from "./client";

/** Who is signed in and what they may do; `permissions` are the names of the server's permission table. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => call(api.GET("/penstock/v1/session")),
  staleTime: 60_000,
});

export function useSession() {
  const { data } = useQuery(sessionQuery);
  const permissions = data?.permissions ?? [];
  return {
    user: data?.user,
    workspace: data?.workspace,
    version: data?.version,
    permissions,
    may: (permission: string) => permissions.includes(permission),
  };
}
