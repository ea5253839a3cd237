import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";

export type ConnectedApp = components["schemas"]["ConnectionDetails"];

/** All connections with the workflows that use them; a workspace has a handful. */
export const connectedAppsQuery = queryOptions({
  queryKey: ["connections"],
  queryFn: async () => (await call(api.GET("/penstock/v1/connections"))).results,
});

/** What a connection was used for in the last 30 days: US dollars as decimal text, and the last day with a call. */
export interface AppUse {
  costUsd: number;
  lastDay: string;
}

/** Use of the last 30 days by connection id; connections without a call are not among them. */
export const appUseQuery = queryOptions({
  queryKey: ["spend", "connections"],
  queryFn: async () => {
    const { rows } = await call(api.GET("/penstock/v1/spend", { params: { query: { groupBy: ["connection", "day"] } } }));
    const uses = new Map<string, AppUse>();
    for (const { connectionId, day, costUsd } of rows) {
      if (connectionId === null || day === null) continue;
      const use = uses.get(connectionId);
      uses.set(connectionId, { costUsd: (use?.costUsd ?? 0) + Number(costUsd), lastDay: use && use.lastDay > day ? use.lastDay : day });
    }
    return uses;
  },
});

export type Limits = components["schemas"]["LimitsShape"];
export type ModelLimits = components["schemas"]["ModelLimitsShape"];

/** How a connection stands with its limits; asked again while the dialog is open. */
export const limitsQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ["connections", connectionId, "limits"],
    queryFn: () => call(api.GET("/penstock/v1/connections/{connectionId}/limits", at(connectionId))),
    refetchInterval: 5_000,
  });

const at = (connectionId: string) => ({ params: { path: { connectionId } } });

/** Asks the provider whether the stored key still works. */
export function useTestConnection() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (app: ConnectedApp) => call(api.POST("/penstock/v1/connections/{connectionId}/test", at(app.id))),
    onSettled: refresh,
  });
}

/** Puts another key in place; the provider is asked first, and a key that it refuses changes nothing. */
export function useReplaceKey() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ app, key }: { app: ConnectedApp; key: string }) =>
      call(api.PUT("/penstock/v1/connections/{connectionId}/key", { ...at(app.id), body: { key } })),
    onSuccess: refresh,
  });
}

export function useRenameConnection() {
  const client = useQueryClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ app, name }: { app: ConnectedApp; name: string }) =>
      call(api.PATCH("/penstock/v1/connections/{connectionId}", { ...at(app.id), body: { name } })),
    onMutate: ({ app, name }) => {
      const before = client.getQueryData(connectedAppsQuery.queryKey);
      client.setQueryData(connectedAppsQuery.queryKey, (apps) => apps?.map((one) => (one.id === app.id ? { ...one, name } : one)));
      return { before };
    },
    onError: (_error, _wish, context) => client.setQueryData(connectedAppsQuery.queryKey, context?.before),
    onSettled: refresh,
  });
}

/** The limits that an owner sets: null a minute leaves it to the provider. */
export type OwnLimits = Pick<Limits, "concurrency" | "requestsPerMinute" | "tokensPerMinute">;

export function useSetLimits() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ app, limits }: { app: ConnectedApp; limits: OwnLimits }) =>
      call(api.PATCH("/penstock/v1/connections/{connectionId}", { ...at(app.id), body: limits })),
    onSuccess: refresh,
  });
}

/** Deletes the key at once; workflows that use the connection stop at those steps. */
export function useUninstall() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (app: ConnectedApp) => call(api.DELETE("/penstock/v1/connections/{connectionId}", at(app.id))),
    onSuccess: refresh,
  });
}

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: connectedAppsQuery.queryKey });
}
