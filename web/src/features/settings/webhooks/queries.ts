import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";

export type Delivery = components["schemas"]["WebhookShape"];
export type NamedSecret = components["schemas"]["SecretShape"];

export const DELIVERY_STATUSES: readonly Delivery["status"][] = ["queued", "sending", "delivered", "failed"];

export const secretsQuery = queryOptions({
  queryKey: ["secrets"],
  queryFn: async () => (await call(api.GET("/penstock/v1/secrets"))).results,
});

/** Webhooks of workflows, newest first, page after page. */
export const deliveriesQuery = (status: Delivery["status"] | undefined) =>
  infiniteQueryOptions({
    queryKey: ["webhooks", status ?? "all"],
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/penstock/v1/webhooks", {
          params: { query: { limit: 50, ...(status ? { status } : {}), ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next?.after,
  });

/** Stores a secret under a name; its value is never shown again. */
export function usePutSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, value }: { name: string; value: string }) =>
      call(api.PUT("/penstock/v1/secrets/{secretName}", { params: { path: { secretName: name } }, body: { value } })),
    onSuccess: () => client.invalidateQueries({ queryKey: secretsQuery.queryKey }),
  });
}

export function useDeleteSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call(api.DELETE("/penstock/v1/secrets/{secretName}", { params: { path: { secretName: name } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: secretsQuery.queryKey }),
  });
}

/** Makes a new signing secret; the answer is the only place where its text appears. */
export function useIssueSigningSecret() {
  return useMutation({ mutationFn: async () => (await call(api.POST("/penstock/v1/webhook-signing-secret"))).secret });
}
