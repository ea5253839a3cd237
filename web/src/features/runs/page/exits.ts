import { branchKey, type FlowAction } from "../../editor/model/types";
import { branchExit, defaultExit, type Exit, nextExit } from "../../editor/model/edges";

/** The name that the server has for the exit of a branch that is taken when no other is. */
export const DEFAULT_BRANCH = "";

/**
 * The names of an action's branches as the server gives them: their own, or `#<position>` where that is missing or
 * taken. The default is not among them.
 */
export function branchNames(action: FlowAction): string[] {
  const key = branchKey(action);
  if (key === undefined) return [];
  const taken = new Set<string>();
  return (action[key] ?? []).map((branch, index) => {
    const own = key === "staticBranches" ? branch.branchValue : branch.branchName;
    let name = own && !taken.has(own) ? own : `#${index + 1}`;
    while (taken.has(name)) name += "#";
    taken.add(name);
    return name;
  });
}

/** What to choose from when a branching action is skipped; nothing for actions with one way on. */
export function exitsToChoose(action: FlowAction, defaultWords: string): { value: string; label: string }[] {
  if (branchKey(action) === undefined) return [];
  return [...branchNames(action).map((name) => ({ value: name, label: name })), { value: DEFAULT_BRANCH, label: action.defaultBranchName || defaultWords }];
}

/** The exit of the drawn tree that a stop of a run left by. */
export function exitTaken(action: FlowAction, branch: string | null): Exit {
  if (branchKey(action) === undefined) return nextExit(action.actionId);
  const index = branch === null ? -1 : branchNames(action).indexOf(branch);
  return index < 0 ? defaultExit(action.actionId) : branchExit(action.actionId, index);
}
