import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/routes";
import { localPath } from "./destination";

interface SignInSearch {
  /** Where to go afterwards: a path of ours. */
  to?: string;
}

/** These screens are a small card: the skeleton of a table in its place would jump. */
const nothing = () => null;

export const signInRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/sign-in",
    validateSearch: (search: Record<string, unknown>): SignInSearch => {
      const to = localPath(search.to);
      return to === undefined ? {} : { to };
    },
    pendingComponent: nothing,
    component: lazyRouteComponent(() => import("./SignInPage"), "SignInPage"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/link",
    pendingComponent: nothing,
    component: lazyRouteComponent(() => import("./LinkPage"), "LinkPage"),
  }),
] as const;
