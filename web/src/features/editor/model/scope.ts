/** What a step can refer to: the outputs of the steps that can have run before it. */
import { allEdges, errorExit, type Exit, exitAction, nextExit } from "./edges";
import { type Outputs, outputsBy } from "./outputs";
import type { Step, Tree } from "./tree";
import { errorPathOf, type FlowDocument, type OutputSpec } from "./types";

/** The exits by which a record can have come to `actionId`; its own too, when it stands in a loop. */
function exitsBefore(document: FlowDocument, actionId: string): Set<Exit> {
  const leading = new Map<string, Exit[]>();
  for (const { exit, edge } of allEdges(document)) leading.set(edge.nextActionId, [...(leading.get(edge.nextActionId) ?? []), exit]);
  const found = new Set<Exit>();
  const seen = new Set<string>();
  const todo = [actionId];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    for (const exit of leading.get(id) ?? []) {
      found.add(exit);
      const from = exitAction(exit);
      if (from === null || seen.has(from)) continue;
      seen.add(from);
      todo.push(from);
    }
  }
  return found;
}

/** A step before this one, with what it puts out. */
export interface EarlierOutputs {
  step: Step;
  outputs: OutputSpec[];
}

/**
 * The steps before `actionId` that put something out, in reading order. `outputs` are those of `allOutputs`; of an LLM
 * step with a path for failed records, only what a record can have that comes to `actionId`.
 */
export function outputsBefore(document: FlowDocument, tree: Tree, actionId: string, outputs: Outputs): EarlierOutputs[] {
  const exits = exitsBefore(document, actionId);
  const earlier = new Set([...exits].map(exitAction));
  return tree.steps.flatMap((step) => {
    const own = outputs[step.id];
    if (!own || !earlier.has(step.id)) return [];
    if (!errorPathOf(step.action)) return [{ step, outputs: own }];
    return [{ step, outputs: outputsBy(own, { answered: exits.has(nextExit(step.id)), failed: exits.has(errorExit(step.id)) }) }];
  });
}
