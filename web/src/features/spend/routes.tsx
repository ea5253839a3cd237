import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";

export const spendRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/spend",
    component: lazyRouteComponent(() => import("./SpendPage"), "SpendPage"),
  }),
] as const;
