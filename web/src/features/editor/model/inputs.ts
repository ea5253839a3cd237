/** The inputs of an action: what its form shows and its JSON schema describes. */
import { produce } from "immer";
import type { JsonObject } from "@/api/json";
import { findAction } from "./edges";
import { actionsOf, type FlowAction, type FlowDocument } from "./types";

/** What stands in a node beside its inputs, when they have no `fields` object of their own. */
const NODE_KEYS = new Set(["type", "actionId", "connection"]);

/** The inputs: the `fields` of a palette action; the node itself for branches and webhooks. */
export function inputsOf(action: FlowAction): JsonObject {
  if (action.type === "SINGLE_CONNECTION") return action.fields ?? {};
  return Object.fromEntries(Object.entries(action).filter(([key]) => !NODE_KEYS.has(key))) as JsonObject;
}

/** Puts new inputs in place of an action's old ones; for branches they hold the paths with their edges. */
export function setInputs(document: FlowDocument, actionId: string, inputs: JsonObject): FlowDocument {
  return produce(document, (draft) => {
    const action = findAction(draft, actionId);
    if (!action) return;
    if (action.type === "SINGLE_CONNECTION") {
      action.fields = inputs;
      return;
    }
    for (const key of Object.keys(action)) if (!NODE_KEYS.has(key) && !(key in inputs)) delete action[key];
    for (const [key, value] of Object.entries(inputs)) if (!NODE_KEYS.has(key)) action[key] = value;
  });
}

/** The JSON path of an action's inputs, as problems name it: `actions[2].fields`, or `actions[2]` for a node. */
export function inputsPath(document: FlowDocument, actionId: string): string {
  const index = actionsOf(document).findIndex((action) => action.actionId === actionId);
  const node = `actions[${index}]`;
  return actionsOf(document)[index]?.type === "SINGLE_CONNECTION" ? `${node}.fields` : node;
}
