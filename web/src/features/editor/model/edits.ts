/** Changes to the steps of a document. Pure: each returns a new document that shares what did not change. */
import { current, isDraft, produce } from "immer";
import { allEdges, edgeAt, edgeOf, type Exit, exitAction, exitsOf, goTo, nextExit, setEdge, standard } from "./edges";
import { setStepName } from "./names";
import { chainSteps, openExit, type Path, readTree, withOwn } from "./tree";
import { actionsOf, branchKey, type Edge, type FlowAction, type FlowDocument } from "./types";

/** An action without an id yet, as the palette makes it. */
export type NewAction = Omit<FlowAction, "actionId"> & { type: string };

/** A change that cannot be made, with the key of the sentence that says why (`editor:refused.<reason>`). */
export class EditRefused extends Error {
  constructor(readonly reason: "noOpenEnd" | "intoItself" | "notAnEnd") {
    super(reason);
    this.name = "EditRefused";
  }
}

/** The document as it stands inside a change: reading a draft step by step costs a hundred times as much. */
export function snapshot(draft: FlowDocument): FlowDocument {
  return isDraft(draft) ? current(draft) : draft;
}

/** The next id to give: never one that a step has or, as far as the document tells, ever had. */
export function freeId(document: FlowDocument): string {
  const numbers = actionsOf(document).map((action) => (/^\d{1,15}$/.test(action.actionId) ? Number(action.actionId) : 0));
  const stated = /^\d{1,15}$/.test(document.nextAvailableActionId ?? "") ? Number(document.nextAvailableActionId) : 1;
  return String(Math.max(stated, Math.max(0, ...numbers) + 1));
}

/** Adds an action (or several that already lead to each other) to a document that may be changed. */
export function addAction(draft: FlowDocument, action: NewAction): string {
  const actionId = freeId(snapshot(draft));
  draft.actions ??= [];
  const { type, ...rest } = action;
  draft.actions.push({ type, actionId, ...rest });
  draft.nextAvailableActionId = String(Number(actionId) + 1);
  return actionId;
}

/**
 * Puts a new action at an exit. What stood there goes on after it; after a branch it goes on at "None met", which is
 * where every record goes until the branch has filters.
 */
export function insertAction(document: FlowDocument, exit: Exit, action: NewAction): { document: FlowDocument; actionId: string } {
  let actionId = "";
  const changed = produce(document, (draft) => {
    actionId = addAction(draft, action);
    graft(draft, exit, actionId);
  });
  return { document: changed, actionId };
}

/** Leads `exit` to a step that is already among the actions and has no way to it; the old tail follows its open end. */
export function graft(draft: FlowDocument, exit: Exit, actionId: string): void {
  const tail = edgeAt(snapshot(draft), exit);
  setEdge(draft, exit, standard(actionId));
  if (!tail || tail.nextActionId === actionId) return; // a jump to a step that now stands there itself
  const step = readTree(snapshot(draft)).places.get(actionId)?.step;
  const end = step && openExit(step);
  if (!end) throw new EditRefused("noOpenEnd");
  setEdge(draft, end, { ...tail });
}

/** What stays when a step with several paths is deleted: one of them, or nothing below it. */
export type Kept = Path | null;

/**
 * Deletes a step and joins what leads to it with what comes after it. Of a step with several paths `kept` stays and
 * the others go with all their steps, except steps that other paths lead to as well.
 */
export function deleteStep(document: FlowDocument, actionId: string, kept: Kept = null): FlowDocument {
  const step = readTree(document).places.get(actionId)?.step;
  if (!step) return document;
  const onward = edgeAt(document, kept ? kept.exit : nextExit(actionId));
  const doomed = (step.paths ?? []).filter((path) => path.exit !== kept?.exit).flatMap((path) => chainSteps(path.chain).map(({ id }) => id));
  return produce(document, (draft) => {
    rejoin(draft, actionId, step.paths && !kept ? null : onward);
    const removed = draft.actions?.findIndex((action) => action.actionId === actionId) ?? -1;
    if (removed >= 0) draft.actions?.splice(removed, 1);
    setStepName(draft, actionId, "");
    dropSteps(draft, new Set(doomed));
  });
}

/** Leads every edge to `actionId` on to where `onward` leads; where that is nowhere, or the step itself, the way ends. */
function rejoin(draft: FlowDocument, actionId: string, onward: Edge | null): void {
  const target = onward && onward.nextActionId !== actionId ? onward.nextActionId : null;
  for (const { exit, edge } of allEdges(snapshot(draft))) {
    if (edge.nextActionId !== actionId) continue;
    if (target === null) setEdge(draft, exit, null);
    else if (edge.edgeType === "GOTO") setEdge(draft, exit, { ...edge, nextActionId: target });
    else setEdge(draft, exit, { ...onward, nextActionId: target });
  }
}

/** Deletes steps, but not those that a step which stays leads to (by a way, not by a jump), nor what follows them. */
export function dropSteps(draft: FlowDocument, wanted: ReadonlySet<string>): void {
  const now = snapshot(draft);
  const doomed = unreached(now, wanted);
  if (doomed.size === 0) return;
  for (const { exit, edge } of allEdges(now)) if (doomed.has(edge.nextActionId)) setEdge(draft, exit, null);
  draft.actions = actionsOf(draft).filter((action) => !doomed.has(action.actionId));
  for (const id of doomed) setStepName(draft, id, "");
}

/** Those of `wanted` that no other action leads to, directly or through more of them. */
function unreached(document: FlowDocument, wanted: ReadonlySet<string>): Set<string> {
  const doomed = new Set(wanted);
  const byId = new Map(actionsOf(document).map((action) => [action.actionId, action]));
  const todo = actionsOf(document).filter((action) => !doomed.has(action.actionId));
  const rescue = (actionId: string) => {
    const rescued = doomed.delete(actionId) ? byId.get(actionId) : undefined;
    if (rescued) todo.push(rescued);
  };
  if (document.startActionId) rescue(document.startActionId);
  for (let action = todo.pop(); action; action = todo.pop()) {
    for (const exit of exitsOf(action)) {
      const edge = edgeOf(action, exit);
      if (edge && edge.edgeType !== "GOTO") rescue(edge.nextActionId);
    }
  }
  return doomed;
}

/** Whether a step, with its own paths, can be moved to an exit: not into itself, nor where it stands. */
export function canMove(document: FlowDocument, actionId: string, exit: Exit): boolean {
  const place = readTree(document).places.get(actionId);
  if (!place || place.exit === exit) return false;
  const from = exitAction(exit);
  return from === null || !withOwn(place.step).some((step) => step.id === from);
}

/** Moves a step to an exit; it takes its own paths along. Jumps to it still lead to it. */
export function moveStep(document: FlowDocument, actionId: string, exit: Exit): FlowDocument {
  const place = readTree(document).places.get(actionId);
  if (!place || place.exit === exit) return document;
  if (!canMove(document, actionId, exit)) throw new EditRefused("intoItself");
  const branching = branchKey(place.step.action) !== undefined;
  return produce(document, (draft) => {
    const onward = branching ? null : edgeAt(document, nextExit(actionId));
    for (const { exit: from, edge } of allEdges(document)) {
      if (edge.nextActionId !== actionId || edge.edgeType === "GOTO") continue;
      setEdge(draft, from, onward && onward.nextActionId !== actionId ? { ...onward } : null);
    }
    if (!branching) setEdge(draft, nextExit(actionId), null);
    graft(draft, exit, actionId);
  });
}

/** Lets the record continue at another step. Only at an open end or in place of another jump, so that no step is lost. */
export function setJump(document: FlowDocument, exit: Exit, target: string | null): FlowDocument {
  const edge = edgeAt(document, exit);
  if (exit === "start" || (edge && !isJump(document, exit))) throw new EditRefused("notAnEnd");
  return produce(document, (draft) => setEdge(draft, exit, target === null ? null : goTo(target)));
}

/** Whether what leads on from an exit is drawn as a jump, or leads to a step that is not there. */
export function isJump(document: FlowDocument, exit: Exit): boolean {
  const edge = edgeAt(document, exit);
  return edge !== null && readTree(document).places.get(edge.nextActionId)?.exit !== exit;
}

/** Changes one action; `change` gets a copy that it may change. */
export function changeAction(document: FlowDocument, actionId: string, change: (action: FlowAction) => void): FlowDocument {
  return produce(document, (draft) => {
    const action = draft.actions?.find((one) => one.actionId === actionId);
    if (action) change(action);
  });
}

export function renameStep(document: FlowDocument, actionId: string, name: string): FlowDocument {
  return produce(document, (draft) => setStepName(draft, actionId, name));
}
