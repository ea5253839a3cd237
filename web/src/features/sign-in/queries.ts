import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import { sessionQuery } from "@/api/session";
import { chooseLanguage } from "@/i18n";

export type OneTimeLink = components["schemas"]["LinkShape"];
type Session = components["schemas"]["SessionShape"];
type Redemption = components["schemas"]["RedemptionWish"];

/** What a link is for; looking at it does not use it up. */
export const linkQuery = (token: string) =>
  queryOptions({
    queryKey: ["link", token],
    queryFn: () => call(api.POST("/penstock/v1/link-inspections", { body: { token } })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });

/** Whoever just signed in goes on to `to`, in the language of their account. */
function useArrival(to: string | undefined) {
  const client = useQueryClient();
  const router = useRouter();
  return async (session: Session) => {
    // What another account saw goes; the link that was just used up must not be asked for again.
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== "link" });
    client.setQueryData(sessionQuery.queryKey, session);
    if (session.user?.language) await chooseLanguage(session.user.language);
    router.history.replace(to ?? "/");
  };
}

export function useSignIn(to: string | undefined) {
  const arrive = useArrival(to);
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => call(api.POST("/penstock/v1/session", { body })),
    onSuccess: arrive,
  });
}

export function useRedeem(to: string | undefined) {
  const arrive = useArrival(to);
  return useMutation({
    mutationFn: (body: Redemption) => call(api.POST("/penstock/v1/link-redemptions", { body })),
    onSuccess: arrive,
  });
}
