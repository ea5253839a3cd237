/** Walking from step to step with the keyboard. `trigger` is the card on top. */
import { exitAction } from "./edges";
import type { Tree } from "./tree";

export type Direction = "next" | "previous" | "up" | "down" | "left" | "right";

/** The step in a direction; the same one where there is none. Without a step it is the trigger. */
export function neighbour(tree: Tree, from: string | null, direction: Direction): string {
  if (from === null) return "trigger";
  const order = ["trigger", ...tree.steps.map((step) => step.id)];
  if (direction === "next" || direction === "previous") return order[order.indexOf(from) + (direction === "next" ? 1 : -1)] ?? from;
  if (from === "trigger") return direction === "down" ? (tree.start.steps[0]?.id ?? from) : from;
  const place = tree.places.get(from);
  if (!place) return from;
  const { step, chain, above } = place;
  if (direction === "up") return exitAction(place.exit) || (place.exit === "start" ? "trigger" : from);
  if (direction === "down") {
    if (step.paths) return step.paths.find((path) => path.chain.steps.length > 0)?.chain.steps[0]?.id ?? from;
    return chain.steps[chain.steps.indexOf(step) + 1]?.id ?? from;
  }
  const paths = above.at(-1)?.paths ?? [];
  const own = paths.findIndex((path) => path.chain === chain);
  const others = direction === "left" ? paths.slice(0, Math.max(own, 0)).toReversed() : paths.slice(own + 1);
  const beside = own < 0 ? undefined : others.find((path) => path.chain.steps.length > 0);
  return beside?.chain.steps[Math.min(chain.steps.indexOf(step), beside.chain.steps.length - 1)]?.id ?? from;
}
