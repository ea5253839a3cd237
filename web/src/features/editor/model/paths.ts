/** Changes to the paths of branching steps. */
import { produce } from "immer";
import type { JsonObject } from "@/api/json";
import { branchExit, edgeAt, setEdge } from "./edges";
import { changeAction, dropSteps } from "./edits";
import { chainSteps, readTree } from "./tree";
import { type Branch, branchKey, type FlowDocument } from "./types";

/** HubSpot's filter tree of an OR of ANDs, with nothing in it yet. */
export function emptyFilter(): JsonObject {
  return {
    filterBranchType: "OR",
    filterBranchOperator: "OR",
    filters: [],
    filterBranches: [{ filterBranchType: "AND", filterBranchOperator: "AND", filters: [], filterBranches: [] }],
  };
}

/** A new path for a branching action of `type`. */
export function newBranch(type: string, name: string): Branch {
  return type === "STATIC_BRANCH" ? { branchValue: name } : { branchName: name, filterBranch: emptyFilter() };
}

/** Adds a path before "None met". */
export function addPath(document: FlowDocument, actionId: string, branch: Branch): FlowDocument {
  return changeAction(document, actionId, (action) => {
    const key = branchKey(action);
    if (key) action[key]?.push(branch);
  });
}

/** Removes a path with all its steps, except those that other paths lead to as well. */
export function removePath(document: FlowDocument, actionId: string, index: number): FlowDocument {
  const path = readTree(document).places.get(actionId)?.step.paths?.find((one) => one.index === index);
  if (!path) return document;
  const doomed = new Set(chainSteps(path.chain).map((step) => step.id));
  return produce(document, (draft) => {
    setEdge(draft, branchExit(actionId, index), null);
    const action = draft.actions?.find((one) => one.actionId === actionId);
    const key = action && branchKey(action);
    if (action && key) action[key]?.splice(index, 1);
    dropSteps(draft, doomed);
  });
}

/** Names a path: a branch by its `branchName`, "None met" (index null) by `defaultBranchName`. */
export function renamePath(document: FlowDocument, actionId: string, index: number | null, name: string): FlowDocument {
  return changeAction(document, actionId, (action) => {
    const key = branchKey(action);
    if (index === null) {
      if (name.trim()) action.defaultBranchName = name;
      else delete action.defaultBranchName;
      return;
    }
    const branch = key && action[key]?.[index];
    if (!branch) return;
    if (action.type === "STATIC_BRANCH") branch.branchValue = name;
    else branch.branchName = name;
  });
}

/** Moves a path to another place among the branches; the first one that a record meets is taken. */
export function movePath(document: FlowDocument, actionId: string, from: number, to: number): FlowDocument {
  return changeAction(document, actionId, (action) => {
    const key = branchKey(action);
    const branches = key && action[key];
    if (!branches || !(from in branches) || !(to in branches)) return;
    const [moved] = branches.splice(from, 1);
    if (moved) branches.splice(to, 0, moved);
  });
}

/** Whether a path holds no steps, so that nothing is lost with it. */
export function isEmptyPath(document: FlowDocument, actionId: string, index: number): boolean {
  return edgeAt(document, branchExit(actionId, index)) === null;
}
