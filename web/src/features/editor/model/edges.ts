/** Where a record can leave an action, and what leads on from there. */
import { isObject } from "@/api/json";
import { actionsOf, branchKey, type Edge, errorPathOf, type FlowAction, type FlowDocument } from "./types";

/**
 * An exit: the start of the flow, the way on from an action, one path of a branch, or the path of records whose step
 * failed. It is where a + stands and where steps are inserted. A text, so that it can be compared and used as a key.
 */
export type Exit = "start" | `next:${string}` | `error:${string}` | `default:${string}` | `branch:${number}:${string}`;

export const START: Exit = "start";
export const nextExit = (actionId: string): Exit => `next:${actionId}`;
export const errorExit = (actionId: string): Exit => `error:${actionId}`;
export const defaultExit = (actionId: string): Exit => `default:${actionId}`;
export const branchExit = (actionId: string, index: number): Exit => `branch:${index}:${actionId}`;

/** The action that an exit leaves; null for the start. */
export function exitAction(exit: Exit): string | null {
  if (exit === "start") return null;
  const [kind, index = ""] = exit.split(":", 2);
  return kind === "branch" ? exit.slice("branch:".length + index.length + 1) : exit.slice(`${kind}:`.length);
}

/** The place among an action's branches that an exit stands for; null for any other exit. */
export function exitIndex(exit: Exit): number | null {
  return exit.startsWith("branch:") ? Number(exit.split(":", 2)[1]) : null;
}

export const isErrorExit = (exit: Exit): boolean => exit.startsWith("error:");

/** Every exit of an action in the order in which they are drawn: the paths, then the default or that of failed records. */
export function exitsOf(action: FlowAction): Exit[] {
  const key = branchKey(action);
  if (key === undefined) return [nextExit(action.actionId), ...(errorPathOf(action) ? [errorExit(action.actionId)] : [])];
  return [...(action[key] ?? []).map((_, index) => branchExit(action.actionId, index)), defaultExit(action.actionId)];
}

/** The edge at one exit of an action. */
export function edgeOf(action: FlowAction, exit: Exit): Edge | null {
  const key = branchKey(action);
  if (isErrorExit(exit)) return errorEdgeOf(action);
  if (key === undefined) return action.connection ?? null;
  if (exit.startsWith("default:")) return action.defaultBranch ?? null;
  return action[key]?.[exitIndex(exit) ?? -1]?.connection ?? null;
}

/** What leads on from a step that failed; what is no edge is left to the checks, which name it. */
function errorEdgeOf(action: FlowAction): Edge | null {
  const edge = errorPathOf(action)?.connection;
  return isObject(edge) && typeof edge.nextActionId === "string" ? (edge as unknown as Edge) : null;
}

export function findAction(document: FlowDocument, actionId: string): FlowAction | undefined {
  return actionsOf(document).find((action) => action.actionId === actionId);
}

/** What leads on from an exit; null where the record's way ends. */
export function edgeAt(document: FlowDocument, exit: Exit): Edge | null {
  const actionId = exitAction(exit);
  if (actionId === null) return document.startActionId ? { edgeType: "STANDARD", nextActionId: document.startActionId } : null;
  const action = findAction(document, actionId);
  return action ? edgeOf(action, exit) : null;
}

/** Sets (or with null cuts) the edge at an exit of a document that may be changed, such as an immer draft. */
export function setEdge(document: FlowDocument, exit: Exit, edge: Edge | null): void {
  const actionId = exitAction(exit);
  if (actionId === null) {
    if (edge) document.startActionId = edge.nextActionId;
    else delete document.startActionId;
    return;
  }
  const action = findAction(document, actionId);
  if (!action) return;
  const key = branchKey(action);
  if (isErrorExit(exit)) {
    const path = errorPathOf(action);
    if (path) place(path, "connection", edge);
  } else if (key === undefined) place(action, "connection", edge);
  else if (exit.startsWith("default:")) place(action, "defaultBranch", edge);
  else {
    const branch = action[key]?.[exitIndex(exit) ?? -1];
    if (branch) place(branch, "connection", edge);
  }
}

function place(holder: Record<string, unknown>, key: string, edge: Edge | null): void {
  if (edge) holder[key] = edge;
  else delete holder[key];
}

/** Every edge of the document with the exit it leaves from, the start's first. */
export function allEdges(document: FlowDocument): { exit: Exit; edge: Edge }[] {
  const found: { exit: Exit; edge: Edge }[] = [];
  const start = edgeAt(document, START);
  if (start) found.push({ exit: START, edge: start });
  for (const action of actionsOf(document)) {
    for (const exit of exitsOf(action)) {
      const edge = edgeOf(action, exit);
      if (edge) found.push({ exit, edge });
    }
  }
  return found;
}

export const standard = (nextActionId: string): Edge => ({ edgeType: "STANDARD", nextActionId });
export const goTo = (nextActionId: string): Edge => ({ edgeType: "GOTO", nextActionId });
