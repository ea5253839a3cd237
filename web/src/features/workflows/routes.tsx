import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";
import { readListSearch } from "./list/search";
import { readRevisionsSearch } from "./revisions/search";
import { readFlowSettingsSearch } from "./settings/search";

export const workflowsRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/workflows",
    validateSearch: readListSearch,
    component: lazyRouteComponent(() => import("./list/WorkflowsPage"), "WorkflowsPage"),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/workflows/$flowId/settings",
    validateSearch: readFlowSettingsSearch,
    component: lazyRouteComponent(() => import("./settings/FlowSettingsPage"), "FlowSettingsPage"),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/workflows/$flowId/revisions",
    validateSearch: readRevisionsSearch,
    component: lazyRouteComponent(() => import("./revisions/RevisionsPage"), "RevisionsPage"),
  }),
] as const;
