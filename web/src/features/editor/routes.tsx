import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";

/** `step`: the actionId whose form is open, or `trigger`. `field`: the field to go to. */
export interface EditorSearch {
  step?: string;
  field?: string;
}

const text = (value: unknown): string | undefined => (typeof value === "string" || typeof value === "number" ? String(value) : undefined);

export const editorRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/workflows/$flowId",
    validateSearch: (search: Record<string, unknown>): EditorSearch => ({ step: text(search.step), field: text(search.field) }),
    component: lazyRouteComponent(() => import("./EditorPage"), "EditorPage"),
  }),
] as const;
