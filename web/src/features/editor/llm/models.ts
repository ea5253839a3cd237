import { queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { Model } from "./refusals";

/** The models that a connection's key can use; the provider is asked at most once a day. */
export const modelsQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ["connections", connectionId, "models"],
    queryFn: async (): Promise<Model[]> => (await call(api.GET("/penstock/v1/connections/{connectionId}/models", { params: { path: { connectionId } } }))).results,
    enabled: connectionId !== "",
    staleTime: 10 * 60_000,
    retry: false,
  });
