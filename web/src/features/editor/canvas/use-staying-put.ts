import { useEffect, useLayoutEffect, useRef } from "react";
import { exitAction } from "../model/edges";
import { useEditor } from "../store/context";
import type { EditorState, EditorStore } from "../store/store";
import type { PanZoom } from "./pan-zoom";
import { cardOf } from "./reveal-step";

/**
 * Keeps the canvas still while the tree changes: the card next to the change stays at its place on the screen, though
 * the tree around it grows or shrinks.
 */
export function useStayingPut(view: PanZoom | null, store: EditorStore): void {
  const anchor = useRef<{ id: string; x: number; y: number } | null>(null);
  const tree = useEditor((state) => state.tree);
  const collapsed = useEditor((state) => state.collapsed);

  useEffect(() => {
    if (!view) return undefined;
    return store.subscribe((state, before) => {
      if ((state.tree === before.tree && state.collapsed === before.collapsed) || anchor.current) return;
      for (const id of candidates(state, before)) {
        const card = cardOf(view, id);
        if (!card) continue;
        const { left, top } = card.getBoundingClientRect();
        anchor.current = { id, x: left, y: top };
        return;
      }
    });
  }, [view, store]);

  useLayoutEffect(() => {
    const { current } = anchor;
    anchor.current = null;
    if (!view || !current) return;
    const card = cardOf(view, current.id);
    if (!card) return;
    const { left, top } = card.getBoundingClientRect();
    view.pan(current.x - left, current.y - top);
  }, [view, tree, collapsed]);
}

/** Cards that are there before and after, nearest to the change first. */
function candidates(state: EditorState, before: EditorState): string[] {
  const { selection } = before;
  const near = selection?.kind === "palette" ? exitAction(selection.exit) : selection?.kind === "step" ? selection.actionId : null;
  const folded = [...state.collapsed, ...before.collapsed].find((id) => state.collapsed.has(id) !== before.collapsed.has(id));
  return [folded, near, near && exitAction(before.tree.places.get(near)?.exit ?? "start"), "trigger"].filter(
    (id): id is string => typeof id === "string" && (id === "trigger" || (state.tree.places.has(id) && before.tree.places.has(id))),
  );
}
