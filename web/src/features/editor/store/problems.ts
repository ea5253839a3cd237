/** Problems bound to the action they are about, so that they stay with it while the document changes around it. */
import { isObject, type Json, sameJson } from "@/api/json";
import { actionsOf, asJson, type FlowAction, type FlowDocument, type FlowProblem } from "../model/types";

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

/** What says whether anybody has come to a part of the workflow yet. */
interface Standing {
  fresh: string | null;
  asked: boolean;
  history: { past: readonly unknown[] };
  tree: { steps: readonly unknown[] };
}

/**
 * Whether a problem is a fault by now, and not only what is left to do: nothing is wrong with a workflow that nobody
 * has begun, nor with a step that was just added, before somebody wants to publish it.
 */
export function isFault(problem: BoundProblem, { fresh, asked, history, tree }: Standing): boolean {
  if (asked) return true;
  if (problem.actionId !== null) return problem.actionId !== fresh;
  return tree.steps.length > 0 || (problem.path.startsWith("enrollmentCriteria") && history.past.length > 0);
}

/**
 * The problems that a change leaves standing. One whose value is another now is taken away: what was said of the old
 * value need not hold, and the next check says what holds of the new one.
 */
export function standingAfter(problems: readonly BoundProblem[], before: FlowDocument, after: FlowDocument): readonly BoundProblem[] {
  if (before === after || problems.length === 0) return problems;
  const old = actionsById(before);
  const now = actionsById(after);
  const left = problems.filter(({ actionId, at }) => {
    if (actionId === null) return unchanged(asJson(before), asJson(after), at);
    return now.has(actionId) && (old.get(actionId) === now.get(actionId) || unchanged(old.get(actionId) as Json, now.get(actionId) as Json, at));
  });
  return left.length === problems.length ? problems : left;
}

const actionsById = (document: FlowDocument): Map<string, FlowAction> => new Map(actionsOf(document).map((action) => [action.actionId, action]));

/** Whether what a path names is as it was. Parts of one value, such as a choice's options, count as one. */
function unchanged(before: Json, after: Json, path: string): boolean {
  const names = path.match(/[^.[\]]+/g) ?? [];
  const own = names[0] === "fields" || names[0] === "enrollmentCriteria" ? 2 : 1;
  const whole = names.slice(0, Math.max(own, names.length - 1));
  return sameJson(valueAt(before, whole), valueAt(after, whole));
}

function valueAt(value: Json | undefined, names: readonly string[]): Json | undefined {
  return names.reduce<Json | undefined>((found, name) => (Array.isArray(found) ? found[Number(name)] : isObject(found) ? found[name] : undefined), value);
}

/** The name of the field that a problem is about, as forms and the URL name it: `prompt` of `fields.prompt`. */
export function fieldOf(problem: BoundProblem): string {
  return problem.actionId === null ? problem.at : problem.at.replace(/^fields\.?/, "");
}
