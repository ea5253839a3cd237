import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";
import { readSpendSearch } from "./search";

export const spendRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/spend",
    validateSearch: readSpendSearch,
    component: lazyRouteComponent(() => import("./SpendPage"), "SpendPage"),
  }),
] as const;
