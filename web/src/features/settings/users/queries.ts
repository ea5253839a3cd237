import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";

export type User = components["schemas"]["UserShape"];
export type Invitation = components["schemas"]["InvitationShape"];
export type Role = User["role"];

/** From the role that may everything to the one that may least, as people choose them. */
export const ROLES: readonly Role[] = ["owner", "admin", "builder", "operator", "viewer"];

/** The roles that somebody of this role may give: their own and lower ones. */
export function rolesUpTo(role: Role | undefined): readonly Role[] {
  return role === undefined ? [] : ROLES.slice(ROLES.indexOf(role));
}

export function nameOf(user: Pick<User, "firstName" | "lastName" | "email">): string {
  return [user.firstName, user.lastName].filter(Boolean).join(" ") || user.email;
}

const after = (cursor: string) => (cursor ? { after: cursor } : {});

export const usersQuery = infiniteQueryOptions({
  queryKey: ["users", "page"],
  queryFn: ({ pageParam }) => call(api.GET("/penstock/v1/users", { params: { query: { limit: 100, ...after(pageParam) } } })),
  initialPageParam: "",
  getNextPageParam: (page) => page.paging?.next.after,
});

export const invitationsQuery = infiniteQueryOptions({
  queryKey: ["invitations"],
  queryFn: ({ pageParam }) => call(api.GET("/penstock/v1/invitations", { params: { query: { limit: 100, ...after(pageParam) } } })),
  initialPageParam: "",
  getNextPageParam: (page) => page.paging?.next.after,
});

/** What a deactivation of this person would end. */
export const holdingsQuery = (userId: string) =>
  queryOptions({
    queryKey: ["users", "holdings", userId],
    queryFn: () => call(api.GET("/penstock/v1/users/{userId}/holdings", { params: { path: { userId } } })),
    staleTime: 0,
  });

type Change = components["schemas"]["UserChange"];

export function useChangeUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ user, change }: { user: User; change: Change }) =>
      call(api.PATCH("/penstock/v1/users/{userId}", { params: { path: { userId: user.id } }, body: change })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["users"] }),
  });
}

export function useInvite() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; role: Role }) => call(api.POST("/penstock/v1/invitations", { body })),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: invitationsQuery.queryKey }), client.invalidateQueries({ queryKey: ["users"] })]),
  });
}

export function useWithdrawInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (invitation: Invitation) =>
      call(api.DELETE("/penstock/v1/invitations/{invitationId}", { params: { path: { invitationId: invitation.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
}

/** A link with which a person sets a new password; the answer is the only place where it ever appears. */
export function useResetLink() {
  return useMutation({
    mutationFn: (user: User) => call(api.POST("/penstock/v1/users/{userId}/reset-links", { params: { path: { userId: user.id } } })),
  });
}
