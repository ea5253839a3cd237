/**
 * The document as it is drawn: chains of steps, and under a step with several ways on a chain for each path. Every action is
 * drawn once, where it is first reached in reading order; any other edge to it is a jump ("Continue at step 4").
 */
import { edgeOf, type Exit, exitIndex, exitsOf, nextExit, START } from "./edges";
import { actionsOf, type Branch, branchKey, errorPathOf, type FlowAction, type FlowDocument, hasPaths } from "./types";

/** How a chain ends: open (a + can be put there), with a jump, in a branch, or at an action that is not there. */
export type End = { kind: "open" } | { kind: "jump"; to: string } | { kind: "paths" } | { kind: "missing"; to: string };

export interface Chain {
  /** The exit that leads to the first step. */
  exit: Exit;
  steps: Step[];
  end: End;
}

export interface Path {
  exit: Exit;
  /** Its place among the branches of the action; null for the default ("None met") and for the paths of an LLM step. */
  index: number | null;
  branch: Branch | null;
  chain: Chain;
}

export interface Step {
  id: string;
  /** From 1 in reading order. */
  number: number;
  /** Its place in `actions`, for the paths of problems. */
  index: number;
  action: FlowAction;
  paths: Path[] | null;
}

/** Where a step stands. */
export interface Place {
  step: Step;
  chain: Chain;
  /** The exit that leads to it. */
  exit: Exit;
  /** The branching steps above it, outermost first. */
  above: Step[];
}

export interface Tree {
  start: Chain;
  /** Chains that no record gets to; shown so that nothing is hidden. Their `exit` leads nowhere. */
  loose: Chain[];
  /** Every step in reading order. */
  steps: Step[];
  places: ReadonlyMap<string, Place>;
}

/** Reads a document for drawing. */
export function readTree(document: FlowDocument): Tree {
  const actions = new Map<string, { action: FlowAction; index: number }>();
  actionsOf(document).forEach((action, index) => {
    if (!actions.has(action.actionId)) actions.set(action.actionId, { action, index });
  });
  const steps: Step[] = [];
  const places = new Map<string, Place>();

  const readChain = (exit: Exit, first: { to: string; jump: boolean } | null, above: Step[]): Chain => {
    const chain: Chain = { exit, steps: [], end: { kind: "open" } };
    let at = exit;
    let next = first;
    while (next) {
      const known = actions.get(next.to);
      if (!known) chain.end = { kind: "missing", to: next.to };
      else if (next.jump || places.has(next.to)) chain.end = { kind: "jump", to: next.to };
      if (chain.end.kind !== "open" || !known) break;
      const { action, index } = known;
      const step: Step = { id: action.actionId, number: steps.length + 1, index, action, paths: null };
      steps.push(step);
      chain.steps.push(step);
      places.set(step.id, { step, chain, exit: at, above });
      if (hasPaths(action)) {
        step.paths = readPaths(step, [...above, step]);
        chain.end = { kind: "paths" };
        break;
      }
      at = nextExit(step.id);
      next = leads(action, at);
    }
    return chain;
  };

  const readPaths = (step: Step, above: Step[]): Path[] => {
    const key = branchKey(step.action);
    return exitsOf(step.action).map((exit) => {
      const index = exitIndex(exit);
      const branch = (key && index !== null && step.action[key]?.[index]) || null;
      return { exit, index, branch, chain: readChain(exit, leads(step.action, exit), above) };
    });
  };

  const start = readChain(START, document.startActionId ? { to: document.startActionId, jump: false } : null, []);
  const loose: Chain[] = [];
  const led = new Set([...actions.values()].flatMap(({ action }) => standardTargets(action)));
  // First those that nothing leads to, then what is left, which can only be loops.
  for (const onlyHeads of [true, false]) {
    for (const [id] of actions) {
      if (places.has(id) || (onlyHeads && led.has(id))) continue;
      loose.push(readChain(nextExit(""), { to: id, jump: false }, []));
    }
  }
  return { start, loose, steps, places };
}

function leads(action: FlowAction, exit: Exit): { to: string; jump: boolean } | null {
  const edge = edgeOf(action, exit);
  return edge ? { to: edge.nextActionId, jump: edge.edgeType === "GOTO" } : null;
}

function standardTargets(action: FlowAction): string[] {
  return exitsOf(action).flatMap((exit) => {
    const edge = edgeOf(action, exit);
    return edge && edge.edgeType !== "GOTO" ? [edge.nextActionId] : [];
  });
}

/** A step and everything drawn under it, in reading order. */
export function withDescendants(step: Step): Step[] {
  return [step, ...(step.paths ?? []).flatMap((path) => chainSteps(path.chain))];
}

/**
 * The paths that belong to a step, go where it goes and are copied with it: all of a branch; of an LLM step that of
 * failed records. What follows its answers follows the step itself, as after any other step.
 */
export function ownPaths(step: Step): Path[] {
  return (step.paths ?? []).filter((path) => path.exit !== nextExit(step.id));
}

/** A step and what is drawn under its own paths, in reading order. */
export function withOwn(step: Step): Step[] {
  return [step, ...ownPaths(step).flatMap((path) => chainSteps(path.chain))];
}

export function chainSteps(chain: Chain): Step[] {
  return chain.steps.flatMap(withDescendants);
}

/** The exit at the end of a chain's steps; null when it ends in a branch. */
export function lastExit(chain: Chain): Exit | null {
  const last = chain.steps.at(-1);
  if (!last) return chain.exit;
  return last.paths ? null : nextExit(last.id);
}

/**
 * Where steps that stood after `step` go on when it is put before them: after a single step; for an LLM step with a
 * path for failed records where its answers end; for a branch at the end of its default path, else at its first open
 * end. Null when every end of it is a jump.
 */
export function openExit(step: Step): Exit | null {
  if (!step.paths) {
    return nextExit(step.id);
  }
  if (errorPathOf(step.action)) {
    const answered = step.paths.find((path) => path.exit === nextExit(step.id));
    return answered ? openEnd(answered.chain) : null;
  }
  for (const path of step.paths.toReversed()) {
    const found = openEnd(path.chain);
    if (found !== null) return found;
  }
  return null;
}

function openEnd(chain: Chain): Exit | null {
  if (chain.end.kind === "open") return lastExit(chain);
  const last = chain.steps.at(-1);
  return chain.end.kind === "paths" && last ? openExit(last) : null;
}
