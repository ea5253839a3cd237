import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";

export const attentionRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/attention",
    component: lazyRouteComponent(() => import("./AttentionPage"), "AttentionPage"),
  }),
] as const;
