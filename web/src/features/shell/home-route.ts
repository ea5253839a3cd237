import { createRoute, redirect } from "@tanstack/react-router";
import { appRoute } from "@/routes";

/** The front door leads to the workflows. */
export const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/workflows" });
  },
});
