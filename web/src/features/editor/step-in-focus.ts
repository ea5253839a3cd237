import type { EditorStore } from "./store/store";

/** The step that keys act on: the one whose card has the keyboard, else the selected one; `trigger` for the trigger. */
export function stepInFocus(store: EditorStore): string | null {
  const card = document.activeElement?.closest<HTMLElement>("[data-step]")?.dataset.step;
  if (card !== undefined) return card;
  const { selection } = store.getState();
  if (selection?.kind === "trigger") return "trigger";
  return selection?.kind === "step" ? selection.actionId : null;
}
