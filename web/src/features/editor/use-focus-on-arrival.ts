import { useEffect } from "react";
import { focusStep } from "./canvas/reveal-step";
import type { PanZoom } from "./canvas/pan-zoom";
import { stepInFocus } from "./step-in-focus";
import { useEditorStore } from "./store/context";

/**
 * Puts the keyboard on the selected card, or the trigger's, when somebody comes from another screen: what had it is
 * gone with that screen. A page that was just loaded keeps it at its start, where the skip link is.
 */
export function useFocusOnArrival(view: PanZoom | null): void {
  const store = useEditorStore();
  useEffect(() => {
    if (!view || document.activeElement !== document.body || !navigator.userActivation?.hasBeenActive) return;
    focusStep(view, stepInFocus(store) ?? "trigger");
  }, [view, store]);
}
