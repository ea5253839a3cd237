import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { appRoute } from "@/routes";
import { readImportSearch } from "./import/import-search";
import { readSearch } from "./table/view-state";

export const recordsRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/records",
    beforeLoad: ({ location }) => {
      if (location.pathname === "/records") throw redirect({ to: "/records/$objectType", params: { objectType: "contacts" } });
    },
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/records/$objectType",
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import("./table/RecordsPage"), "RecordsPage"),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/records/$objectType/import",
    validateSearch: readImportSearch,
    component: lazyRouteComponent(() => import("./import/ImportPage"), "ImportPage"),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/records/$objectType/$recordId",
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import("./record/RecordPage"), "RecordPage"),
  }),
] as const;
