/** Trees that share what did not change with the tree before, so that only the parts that did are drawn again. */
import { nextExit } from "./edges";
import type { Chain, Path, Place, Step, Tree } from "./tree";

/** `next` with the steps and chains of `before` wherever they say the same. */
export function shareTree(next: Tree, before: Tree): Tree {
  const share = (chain: Chain, old: Chain | undefined): Chain => {
    const steps = chain.steps.map((step) => shareStep(step));
    if (old && old.exit === chain.exit && sameEnd(old, chain) && sameItems(old.steps, steps)) return old;
    return { ...chain, steps };
  };
  const shareStep = (step: Step): Step => {
    const old = before.places.get(step.id)?.step;
    const paths = step.paths?.map((path): Path => {
      const oldPath = old?.paths?.find((one) => one.exit === path.exit);
      const chain = share(path.chain, oldPath?.chain);
      return oldPath && oldPath.chain === chain && oldPath.branch === path.branch && oldPath.index === path.index ? oldPath : { ...path, chain };
    });
    const same = old && old.action === step.action && old.number === step.number && old.index === step.index;
    if (same && (paths === undefined ? old.paths === null : old.paths !== null && sameItems(old.paths, paths))) return old;
    return { ...step, paths: paths ?? null };
  };
  const start = share(next.start, before.start);
  const loose = next.loose.map((chain) => share(chain, before.loose.find((old) => old.steps[0]?.id === chain.steps[0]?.id)));
  return { start, loose, ...placesOf([start, ...loose]) };
}

function sameItems<T>(left: readonly T[], right: readonly T[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

function sameEnd(left: Chain, right: Chain): boolean {
  const to = (chain: Chain) => ("to" in chain.end ? chain.end.to : "");
  return left.end.kind === right.end.kind && to(left) === to(right);
}

/** Where each step of finished chains stands. */
function placesOf(chains: readonly Chain[]): Pick<Tree, "steps" | "places"> {
  const steps: Step[] = [];
  const places = new Map<string, Place>();
  const walk = (chain: Chain, above: Step[]) => {
    let { exit } = chain;
    for (const step of chain.steps) {
      steps.push(step);
      places.set(step.id, { step, chain, exit, above });
      exit = nextExit(step.id);
      for (const path of step.paths ?? []) walk(path.chain, [...above, step]);
    }
  };
  for (const chain of chains) walk(chain, []);
  return { steps, places };
}
