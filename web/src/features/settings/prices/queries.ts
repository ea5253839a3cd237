import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";

export type OwnPrice = components["schemas"]["OwnPriceShape"];
export type ListedPrice = components["schemas"]["ListedPriceShape"];
type Wish = components["schemas"]["OwnPriceWish"];

/** The prices that the workspace states itself; a workspace has a handful. */
export const ownPricesQuery = queryOptions({
  queryKey: ["own-prices"],
  queryFn: async () => (await call(api.GET("/penstock/v1/own-prices"))).results,
});

/** What the list says of a model; null where it does not have it. */
export const listedPriceQuery = (provider: string, model: string) =>
  queryOptions({
    queryKey: ["own-prices", "listed", provider, model],
    queryFn: async () => (await call(api.GET("/penstock/v1/listed-price", { params: { query: { provider, model } } }))).listed,
    enabled: provider !== "" && model !== "",
    staleTime: Infinity,
  });

/** States the price of a model, in place of the one before. */
export function useSetPrice() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (wish: Wish) => call(api.PUT("/penstock/v1/own-prices", { body: wish })),
    onSuccess: refresh,
  });
}

/** Goes back to what the list says. */
export function useRemovePrice() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ provider, model }: OwnPrice) => call(api.DELETE("/penstock/v1/own-prices", { params: { query: { provider, model } } })),
    onSuccess: refresh,
  });
}

/** The lists of models show prices too. */
function useRefresh() {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: ownPricesQuery.queryKey });
    await client.invalidateQueries({ queryKey: ["connections"] });
  };
}
