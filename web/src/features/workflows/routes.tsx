import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";

export const workflowsRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/workflows",
    component: lazyRouteComponent(() => import("./list/WorkflowsPage"), "WorkflowsPage"),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/workflows/$flowId/revisions",
    component: lazyRouteComponent(() => import("./revisions/RevisionsPage"), "RevisionsPage"),
  }),
] as const;
