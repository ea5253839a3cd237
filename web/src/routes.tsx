import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, Outlet, redirect } from "@tanstack/react-router";
import { sessionQuery } from "./api/session";
import { AppShell } from "./features/shell/AppShell";
import { NothingHere } from "./features/shell/NotFound";

interface RouterContext {
  queryClient: QueryClient;
}

export const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NothingHere });

/** Every screen behind the sign-in. Who is not signed in goes there first and comes back after it. */
export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (!session.signedIn) throw redirect({ to: "/sign-in", search: { to: location.href } });
  },
  component: AppShell, // comes with the first file: nobody who is signed in does without it
});
