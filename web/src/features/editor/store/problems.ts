/** Problems bound to the action they are about, so that they stay with it while the document changes around it. */
import { actionsOf, type FlowDocument, type FlowProblem } from "../model/types";

export interface BoundProblem extends FlowProblem {
  /** The action; null for problems of the workflow itself. */
  actionId: string | null;
  /** The JSON path below the action (`fields.prompt`), or the whole path when there is no action. */
  at: string;
}

const ACTION = /^actions\[(\d+)\]\.?(.*)$/s;

/** Binds problems to the actions of the document that was checked. */
export function bindProblems(document: FlowDocument, problems: readonly FlowProblem[]): BoundProblem[] {
  const actions = actionsOf(document);
  return problems.map((problem) => {
    const [, index, at = ""] = ACTION.exec(problem.path) ?? [];
    const actionId = index === undefined ? null : (actions[Number(index)]?.actionId ?? null);
    return { ...problem, actionId, at: actionId === null ? problem.path : at };
  });
}

/** Whether a path is `prefix` or lies below it. */
export function isUnder(path: string, prefix: string): boolean {
  return prefix === "" || path === prefix || (path.startsWith(prefix) && /[.[]/.test(path.charAt(prefix.length)));
}

/** The problems at or below a JSON path of the present document (`actions[2].fields.prompt`, `enrollmentCriteria`). */
export function problemsUnder(document: FlowDocument, problems: readonly BoundProblem[], prefix: string): BoundProblem[] {
  const [, index, at = ""] = ACTION.exec(prefix) ?? [];
  if (index === undefined) return problems.filter((problem) => isUnder(problem.path, prefix));
  const actionId = actionsOf(document)[Number(index)]?.actionId;
  return problems.filter((problem) => problem.actionId !== null && problem.actionId === actionId && isUnder(problem.at, at));
}

/** The name of the field that a problem is about, as forms and the URL name it: `prompt` of `fields.prompt`. */
export function fieldOf(problem: BoundProblem): string {
  return problem.actionId === null ? problem.at : problem.at.replace(/^fields\.?/, "");
}
