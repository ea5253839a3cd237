import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";
import { readEvalsSearch } from "./search";

export const evalsRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/workflows/$flowId/evals",
    validateSearch: readEvalsSearch,
    component: lazyRouteComponent(() => import("./EvalsPage"), "EvalsPage"),
  }),
] as const;
