/** Changes to the path of records whose LLM step failed (`errorPathOf`). */
import { produce } from "immer";
import { errorExit, nextExit } from "./edges";
import { changeAction, dropSteps } from "./edits";
import { chainSteps, type Path, readTree, type Step } from "./tree";
import { errorPathOf, type FlowDocument, LLM } from "./types";

/** The drawn path of a step's failed records; undefined when it has none. */
export function errorPathIn(step: Step | undefined): Path | undefined {
  return step?.paths?.find((path) => path.exit === errorExit(step.id));
}

/** The drawn path of the records that such a step has an answer for; undefined for steps that have one way on or are a branch. */
export function answeredPathIn(step: Step): Path | undefined {
  return step.paths?.find((path) => path.exit === nextExit(step.id));
}

/** Gives an LLM step a path for failed records, with nothing on it yet: they leave the workflow there. */
export function addErrorPath(document: FlowDocument, actionId: string): FlowDocument {
  return changeAction(document, actionId, (action) => {
    if (action.actionTypeId === LLM && !errorPathOf(action)) action.fields = { ...action.fields, error_path: {} };
  });
}

/** Takes the path away with its steps, except those that other paths lead to as well. */
export function removeErrorPath(document: FlowDocument, actionId: string): FlowDocument {
  const path = errorPathIn(readTree(document).places.get(actionId)?.step);
  if (!path) return document;
  const doomed = new Set(chainSteps(path.chain).map((step) => step.id));
  return produce(document, (draft) => {
    const action = draft.actions?.find((one) => one.actionId === actionId);
    delete action?.fields?.error_path;
    dropSteps(draft, doomed);
  });
}
