import { branchKey, errorPathOf, type FlowAction } from "../../editor/model/types";
import { branchExit, defaultExit, errorExit, type Exit, nextExit } from "../../editor/model/edges";

/** The name that the server has for the exit that is taken when no other is. */
export const DEFAULT_BRANCH = "";

/** Its name for the exit of records whose LLM step failed. */
export const ERROR_BRANCH = "error";

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

/** What the exits are called that have no name of their own. */
export interface ExitWords {
  default: string;
  answered: string;
  failed: string;
}

/** What to choose from when an action with several ways on is skipped; nothing for actions with one. */
export function exitsToChoose(action: FlowAction, words: ExitWords): { value: string; label: string }[] {
  if (errorPathOf(action)) {
    return [
      { value: DEFAULT_BRANCH, label: words.answered },
      { value: ERROR_BRANCH, label: words.failed },
    ];
  }
  if (branchKey(action) === undefined) return [];
  return [...branchNames(action).map((name) => ({ value: name, label: name })), { value: DEFAULT_BRANCH, label: action.defaultBranchName || words.default }];
}

/** The exit of the drawn tree that a stop of a run left by. */
export function exitTaken(action: FlowAction, branch: string | null): Exit {
  if (branchKey(action) === undefined) return branch === ERROR_BRANCH && errorPathOf(action) ? errorExit(action.actionId) : nextExit(action.actionId);
  const index = branch === null ? -1 : branchNames(action).indexOf(branch);
  return index < 0 ? defaultExit(action.actionId) : branchExit(action.actionId, index);
}
