import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";
import { readReviewsSearch } from "./search";

export const reviewsRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/reviews",
    validateSearch: readReviewsSearch,
    component: lazyRouteComponent(() => import("./ReviewsPage"), "ReviewsPage"),
  }),
] as const;
