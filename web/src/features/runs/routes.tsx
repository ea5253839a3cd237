import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";

export const runsRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/workflows/$flowId/runs",
    component: lazyRouteComponent(() => import("./WorkflowRunsPage"), "WorkflowRunsPage"),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/runs/$runId",
    component: lazyRouteComponent(() => import("./RunPage"), "RunPage"),
  }),
] as const;
