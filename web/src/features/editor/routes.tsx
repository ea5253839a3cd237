import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "@/routes";
import { startOpening } from "./queries";

/** `step`: the actionId whose form is open, or `trigger`. `field`: the field to go to. */
export interface EditorSearch {
  step?: string | number;
  field?: string;
}

/** HubSpot's action ids are numbers written as texts; as numbers they stand in the address without quotes. */
export const inAddress = (step: string | undefined): string | number | undefined => (step !== undefined && /^[1-9]\d{0,14}$/.test(step) ? Number(step) : step);

const step = (value: unknown) => (typeof value === "string" ? inAddress(value) : typeof value === "number" ? value : undefined);

export const editorRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/workflows/$flowId",
    validateSearch: (search: Record<string, unknown>): EditorSearch => ({
      step: step(search.step),
      field: typeof search.field === "string" ? search.field : undefined,
    }),
    // Asked for while the code of the editor is on its way.
    loader: ({ context: { queryClient }, params: { flowId }, cause }) => {
      if (cause !== "preload") startOpening(queryClient, flowId);
    },
    component: lazyRouteComponent(() => import("./EditorPage"), "EditorPage"),
  }),
] as const;
