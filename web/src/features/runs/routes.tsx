import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";
import { readRunsSearch } from "./list/search";
import { readRunSearch } from "./page/search";

export const runsRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/workflows/$flowId/runs",
    validateSearch: readRunsSearch,
    component: lazyRouteComponent(() => import("./list/WorkflowRunsPage"), "WorkflowRunsPage"),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/batches/$batchId",
    component: lazyRouteComponent(() => import("./batches/BatchPage"), "BatchPage"),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/runs/$runId",
    validateSearch: readRunSearch,
    component: lazyRouteComponent(() => import("./page/RunPage"), "RunPage"),
  }),
] as const;
