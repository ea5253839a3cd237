/** Steps as a text on the clipboard, so that they can be pasted into this workflow or another. */
import { produce } from "immer";
import { isObject, type Json } from "@/api/json";
import { allEdges, edgeOf, exitsOf, type Exit, nextExit, setEdge } from "./edges";
import { addAction, EditRefused, graft } from "./edits";
import { setStepName, stepName } from "./names";
import { renameReferences } from "./references";
import { openExit, readTree, withOwn } from "./tree";
import { actionsOf, branchKey, type FlowAction, type FlowDocument } from "./types";

const KIND = "penstock/workflow-steps";

/** No step ever has this id: references to steps that did not come along lead to it, so that the checks name them. */
const NOWHERE = "0";

export interface CopiedSteps {
  kind: typeof KIND;
  version: 1;
  /** The workflow that it comes from; in it, references and jumps to other steps keep their meaning. */
  flowId: string;
  /** The first step, which leads to all others. */
  root: string;
  actions: FlowAction[];
  names: Record<string, string>;
}

/** A step with its own paths, without what comes after it. */
export function copyStep(document: FlowDocument, flowId: string, actionId: string): CopiedSteps | null {
  const step = readTree(document).places.get(actionId)?.step;
  if (!step) return null;
  const steps = withOwn(step);
  const actions = structuredClone(steps.map((one) => one.action));
  if (branchKey(step.action) === undefined) setEdge({ actions }, nextExit(actionId), null);
  const names = Object.fromEntries(steps.flatMap(({ id }) => (stepName(document, id) ? [[id, stepName(document, id)]] : [])));
  return { kind: KIND, version: 1, flowId, root: actionId, actions, names };
}

/** What a text from the clipboard holds; null when it holds no steps. */
export function readCopied(text: string): CopiedSteps | null {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  if (!isObject(value) || value.kind !== KIND || value.version !== 1 || !Array.isArray(value.actions)) return null;
  const ids = value.actions.map((action) => (isObject(action) && typeof action.type === "string" ? action.actionId : undefined));
  if (ids.some((id) => typeof id !== "string") || !ids.includes(value.root ?? null) || !isObject(value.names)) return null;
  return value as unknown as CopiedSteps;
}

/**
 * Pastes steps at an exit, under new ids. References among them follow; references to other steps stay when they are
 * pasted into the workflow they came from, and elsewhere lead nowhere instead of to a step that is there by chance.
 */
export function pasteSteps(document: FlowDocument, flowId: string, exit: Exit, copied: CopiedSteps): { document: FlowDocument; actionId: string } {
  const same = copied.flowId === flowId;
  const present = new Set(actionsOf(document).map((action) => action.actionId));
  let root = "";
  const changed = produce(document, (draft) => {
    const ids = new Map<string, string>();
    for (const { actionId, ...rest } of copied.actions) ids.set(actionId, addAction(draft, rest as FlowAction));
    const added = new Set(ids.values());
    const renamed = (id: string) => ids.get(id) ?? (same ? id : NOWHERE);
    const others = same ? present : new Set<string>();
    draft.actions = actionsOf(draft).map((action) => (added.has(action.actionId) ? lead(renameReferences(action, renamed), ids, others) : action));
    for (const [from, to] of ids) setStepName(draft, to, copied.names[from] ?? "");
    root = ids.get(copied.root) ?? "";
    graft(draft, exit, root);
  });
  return { document: changed, actionId: root };
}

/** A copied action leading to the copies; edges to steps that are not here are cut. */
function lead(action: FlowAction, ids: ReadonlyMap<string, string>, others: ReadonlySet<string>): FlowAction {
  for (const exit of exitsOf(action)) {
    const edge = edgeOf(action, exit);
    if (!edge) continue;
    const to = ids.get(edge.nextActionId);
    const stays = others.has(edge.nextActionId);
    if (to !== undefined) setEdge({ actions: [action] }, exit, { ...edge, nextActionId: to });
    else if (stays) setEdge({ actions: [action] }, exit, { ...edge, edgeType: "GOTO" });
    else setEdge({ actions: [action] }, exit, null);
  }
  return action;
}

/**
 * A copy of a step beside it: after it; before a branching one, since nothing comes after a branch.
 * Raises EditRefused("noOpenEnd") for a branch all of whose paths end in jumps.
 */
export function duplicateStep(document: FlowDocument, flowId: string, actionId: string): { document: FlowDocument; actionId: string } {
  const place = readTree(document).places.get(actionId);
  const copied = copyStep(document, flowId, actionId);
  if (!place || !copied) return { document, actionId };
  const branching = branchKey(place.step.action) !== undefined;
  if (branching && openExit(place.step) === null) throw new EditRefused("noOpenEnd");
  return pasteSteps(document, flowId, branching ? place.exit : nextExit(actionId), copied);
}

/** How many jumps lead to a step from elsewhere, so that deleting it can say so. */
export function jumpsTo(document: FlowDocument, actionId: string): number {
  return allEdges(document).filter(({ edge }) => edge.edgeType === "GOTO" && edge.nextActionId === actionId).length;
}
