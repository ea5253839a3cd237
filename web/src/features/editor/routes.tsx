import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";

export const editorRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/workflows/$flowId",
    component: lazyRouteComponent(() => import("./EditorPage"), "EditorPage"),
  }),
] as const;
