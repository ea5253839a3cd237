import type { QueryClient } from "@tanstack/react-query";
import { createRouter, stringifySearchWith } from "@tanstack/react-router";
import { accountRoutes } from "./features/account/routes";
import { attentionRoutes } from "./features/attention/routes";
import { reviewsRoutes } from "./features/reviews/routes";
import { editorRoutes } from "./features/editor/routes";
import { recordsRoutes } from "./features/records/routes";
import { runsRoutes } from "./features/runs/routes";
import { settingsRoutes } from "./features/settings/routes";
import { settingsRoute } from "./features/settings/layout-route";
import { evalsRoutes } from "./features/evals/routes";
import { homeRoute } from "./features/shell/home-route";
import { NotFound } from "./features/shell/NotFound";
import { signInRoutes } from "./features/sign-in/routes";
import { spendRoutes } from "./features/spend/routes";
import { workflowsRoutes } from "./features/workflows/routes";
import { appRoute, rootRoute } from "./routes";
import { ErrorCard } from "./ui/ErrorCard";
import { PageSkeleton } from "./ui/PageSkeleton";

const routeTree = rootRoute.addChildren([
  ...signInRoutes,
  appRoute.addChildren([
    homeRoute,
    ...recordsRoutes,
    ...workflowsRoutes,
    ...editorRoutes,
    ...runsRoutes,
    ...evalsRoutes,
    ...attentionRoutes,
    ...reviewsRoutes,
    ...spendRoutes,
    settingsRoute.addChildren([...settingsRoutes, ...accountRoutes]),
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0, // TanStack Query decides what is fresh
    scrollRestoration: true,
    // Text as it is: an id of digits reads ?view=7 and not ?view="7". The readers of each route know what is text.
    stringifySearch: stringifySearchWith(JSON.stringify),
    defaultPendingMs: 150,
    defaultPendingMinMs: 0, // what is there is shown; half a second more of skeleton is half a second lost
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: ({ error, reset }) => <ErrorCard error={error} onRetry={reset} />,
    defaultNotFoundComponent: NotFound,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
