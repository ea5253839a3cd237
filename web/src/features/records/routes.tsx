import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { appRoute } from "@/routes";

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
    component: lazyRouteComponent(() => import("./table/RecordsPage"), "RecordsPage"),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/records/$objectType/import",
    component: lazyRouteComponent(() => import("./import/ImportPage"), "ImportPage"),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/records/$objectType/$recordId",
    component: lazyRouteComponent(() => import("./record/RecordPage"), "RecordPage"),
  }),
] as const;
