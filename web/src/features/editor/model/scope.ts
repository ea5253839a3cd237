/** What a step can refer to: the outputs of the steps that can have run before it. */
import { allEdges, exitAction } from "./edges";
import type { Outputs } from "./outputs";
import type { Step, Tree } from "./tree";
import type { FlowDocument, OutputSpec } from "./types";

/** The ids of all actions that can have run before `actionId`; itself too, when it stands in a loop. */
export function earlierIds(document: FlowDocument, actionId: string): Set<string> {
  const sources = new Map<string, string[]>();
  for (const { exit, edge } of allEdges(document)) {
    const from = exitAction(exit);
    if (from !== null) sources.set(edge.nextActionId, [...(sources.get(edge.nextActionId) ?? []), from]);
  }
  const found = new Set<string>();
  const todo = [...(sources.get(actionId) ?? [])];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    todo.push(...(sources.get(id) ?? []));
  }
  return found;
}

/** A step before this one, with what it puts out. */
export interface EarlierOutputs {
  step: Step;
  outputs: OutputSpec[];
}

/** The steps before `actionId` that put something out, in reading order. `outputs` are those of `allOutputs`. */
export function outputsBefore(document: FlowDocument, tree: Tree, actionId: string, outputs: Outputs): EarlierOutputs[] {
  const earlier = earlierIds(document, actionId);
  return tree.steps.flatMap((step) => {
    const own = outputs[step.id];
    return own && earlier.has(step.id) ? [{ step, outputs: own }] : [];
  });
}
