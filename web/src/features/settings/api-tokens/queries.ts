import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";

export type ApiToken = components["schemas"]["TokenShape"];
type Wish = components["schemas"]["TokenWish"];

export const tokensQuery = infiniteQueryOptions({
  queryKey: ["tokens"],
  queryFn: ({ pageParam }) => call(api.GET("/penstock/v1/tokens", { params: { query: { limit: 100, ...(pageParam ? { after: pageParam } : {}) } } })),
  initialPageParam: "",
  getNextPageParam: (page) => page.paging?.next.after,
});

/** Issues a token; the answer is the only place where its text ever appears. */
export function useCreateToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Wish) => call(api.POST("/penstock/v1/tokens", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

export function useRevokeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: ApiToken) => call(api.DELETE("/penstock/v1/tokens/{tokenId}", { params: { path: { tokenId: token.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

export type TokenState = "active" | "expired" | "revoked";

export function stateOf(token: ApiToken, now: number = Date.now()): TokenState {
  if (token.revokedAt) return "revoked";
  return token.expiresAt && new Date(token.expiresAt).getTime() <= now ? "expired" : "active";
}
