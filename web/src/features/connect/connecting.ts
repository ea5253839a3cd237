import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { ApiProblem } from "@/api/problem";
import type { components } from "@/api/schema";
import { connectedAppsQuery } from "@/features/settings/connected-apps/queries";
import type { Provider } from "./providers";

type Wish = components["schemas"]["ConnectWish"];

/** Connects a provider; the provider is asked first, and a key that it refuses is not saved. */
export function useConnect() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: Wish) => call(api.POST("/penstock/v1/connections", { body: wish })),
    onSuccess: () => client.invalidateQueries({ queryKey: connectedAppsQuery.queryKey }),
  });
}

export type FormField = "name" | "key" | "address";

/** The field that a refusal is about: what the server names, else what such a refusal is about as a rule. */
export function faultyField(problem: ApiProblem, provider: Provider): FormField {
  if (problem.status === 409 || problem.about("name")) return "name";
  const speaksOfAddress = problem.about("baseUrl") ?? problem.about("base_url") ?? /^(base_?url|the address)/i.test(problem.message);
  if (provider.needsAddress && (speaksOfAddress || problem.status >= 500)) return "address";
  return provider.needsKey === "no" ? "name" : "key";
}

/** The provider's own name, with a number when there is a connection of that name already. */
export function freeName(title: string, others: readonly { name: string }[]): string {
  const taken = new Set(others.map((other) => other.name.toLowerCase()));
  let name = title;
  for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${title} ${count}`;
  return name;
}
