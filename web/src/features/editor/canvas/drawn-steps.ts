import { createContext, startTransition, useContext, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Chain, Step } from "../model/tree";
import type { PanZoom } from "./pan-zoom";

/** As many as fill a tall screen. */
const AT_FIRST = 16;
const ALL = Number.POSITIVE_INFINITY;
/** Milliseconds in which the browser shows a frame with the first steps. */
const A_FRAME = 30;

const DrawnContext = createContext(ALL);
export const DrawnSteps = DrawnContext.Provider;

/**
 * The number up to which steps are drawn. A long workflow shows its top at once and the rest a moment later; the steps
 * that are there stay where they are on the screen, though the tree around them grows.
 */
export function useDrawnSteps(view: PanZoom | null, steps: number): { upTo: number; all: boolean } {
  const [all, setAll] = useState(steps <= 2 * AT_FIRST);
  const width = useRef<number | null>(null);

  useEffect(() => {
    if (!view || all) return undefined;
    const timer = setTimeout(() => {
      width.current = view.content.offsetWidth;
      startTransition(() => setAll(true));
    }, A_FRAME);
    return () => clearTimeout(timer);
  }, [view, all]);

  useLayoutEffect(() => {
    if (view && all && width.current !== null) view.grown(width.current);
    width.current = null;
  }, [view, all]);

  return { upTo: all ? ALL : AT_FIRST, all };
}

/** Those steps of a chain that are drawn now. */
export function useDrawnOf(chain: Chain): readonly Step[] {
  const upTo = useContext(DrawnContext);
  return upTo === ALL ? chain.steps : chain.steps.filter((step) => step.number <= upTo);
}
