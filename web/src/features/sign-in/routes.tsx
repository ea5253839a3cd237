import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/routes";
import { localPath } from "./destination";

interface SignInSearch {
  /** Where to go afterwards: a path of ours. */
  to?: string;
}

export const signInRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/sign-in",
    validateSearch: (search: Record<string, unknown>): SignInSearch => {
      const to = localPath(search.to);
      return to === undefined ? {} : { to };
    },
    component: lazyRouteComponent(() => import("./SignInPage"), "SignInPage"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/link",
    component: lazyRouteComponent(() => import("./LinkPage"), "LinkPage"),
  }),
] as const;
