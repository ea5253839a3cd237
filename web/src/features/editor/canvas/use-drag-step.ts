import { type PointerEvent, type RefObject, useCallback, useRef, useState } from "react";
import type { Exit } from "../model/edges";
import type { StepDeeds } from "../step-deeds";
import type { PanZoom } from "./pan-zoom";

/** Pixels that the pointer moves before a press becomes a drag. */
const SLACK = 6;

/** Drags a step's card with the mouse onto a +. The menu's "Move to…" does the same without a pointer. */
export function useDragStep(view: RefObject<PanZoom | null>, deeds: StepDeeds): { dragging: string | null; grab: (actionId: string, event: PointerEvent) => void } {
  const [dragging, setDragging] = useState<string | null>(null);
  const active = useRef(false);

  const grab = useCallback(
    (actionId: string, event: PointerEvent) => {
      if (event.pointerType !== "mouse" || event.button !== 0 || active.current) return;
      if (event.target instanceof HTMLInputElement) return;
      const start = { x: event.clientX, y: event.clientY };
      let started = false;
      let over: Element | null = null;
      active.current = true;

      const mark = (plus: Element | null) => {
        if (plus === over) return;
        over?.removeAttribute("data-over");
        plus?.setAttribute("data-over", "");
        over = plus;
      };
      const onMove = (moved: globalThis.PointerEvent) => {
        if (!started && Math.hypot(moved.clientX - start.x, moved.clientY - start.y) < SLACK) return;
        if (!started) {
          started = true;
          setDragging(actionId);
        }
        scrollAtEdge(view.current, moved);
        const plus = document.elementFromPoint(moved.clientX, moved.clientY)?.closest("[data-exit]") ?? null;
        mark(plus && deeds.canMove(actionId, plus.getAttribute("data-exit") as Exit) ? plus : null);
      };
      const stop = (dropped: boolean) => {
        const exit = over?.getAttribute("data-exit") as Exit | null | undefined;
        mark(null);
        active.current = false;
        setDragging(null);
        window.removeEventListener("pointermove", onMove);
        window.removeEventListener("pointerup", onUp);
        window.removeEventListener("keydown", onKey, true);
        if (dropped && exit) deeds.move(actionId, exit);
      };
      const onUp = () => {
        // A drag ends on the card or a + with a click, which is not meant.
        if (started) window.addEventListener("click", swallow, { capture: true, once: true });
        if (started) setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
        stop(started);
      };
      const onKey = (pressed: KeyboardEvent) => {
        if (pressed.key !== "Escape" || !started) return;
        pressed.stopPropagation();
        stop(false);
      };
      window.addEventListener("pointermove", onMove);
      window.addEventListener("pointerup", onUp);
      window.addEventListener("keydown", onKey, true);
    },
    [view, deeds],
  );
  return { dragging, grab };
}

function swallow(event: Event): void {
  event.stopPropagation();
  event.preventDefault();
}

/** Moves the canvas while something is dragged near its edge. */
function scrollAtEdge(view: PanZoom | null, { clientX, clientY }: { clientX: number; clientY: number }): void {
  if (!view) return;
  const box = view.viewport.getBoundingClientRect();
  const near = 40;
  const push = (low: number, high: number) => (low < near ? near - low : high < near ? high - near : 0) / 3;
  view.pan(push(clientX - box.left, box.right - clientX), push(clientY - box.top, box.bottom - clientY));
}
