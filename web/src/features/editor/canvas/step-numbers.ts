import { createContext, useContext } from "react";
import type { Tree } from "../model/tree";

/** The tree that is drawn, for parts that name other steps by their number. */
export const TreeContext = createContext<Tree | null>(null);

/** The number under which a step is drawn; 0 for none. */
export function useStepNumber(actionId: string | null): number {
  const tree = useContext(TreeContext);
  return (actionId !== null && tree?.places.get(actionId)?.step.number) || 0;
}
