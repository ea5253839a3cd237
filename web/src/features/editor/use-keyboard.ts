import { useEffect, useRef } from "react";
import { isTyping } from "@/ui/shortcuts";
import { cardOf, focusStep } from "./canvas/reveal-step";
import type { EditorUi } from "./editor-ui";
import { type Direction, neighbour } from "./model/neighbours";
import { stepInFocus } from "./step-in-focus";
import { useEditorStore } from "./store/context";
import type { EditorStore } from "./store/store";

const WALK: Readonly<Record<string, Direction>> = {
  j: "next",
  k: "previous",
  ArrowDown: "down",
  ArrowUp: "up",
  ArrowLeft: "left",
  ArrowRight: "right",
};

/** The keys of `shortcuts.ts`, while nothing else has them: a field, a menu, a dialog. */
export function useKeyboard(ui: EditorUi): void {
  const store = useEditorStore();
  const now = useRef(ui);
  now.current = ui;
  useEffect(() => {
    // What is open is looked at before anything acts on the key: Escape closes a drop-down first, and only then,
    // when it is pressed once more, the panel.
    let taken = false;
    const before = (event: KeyboardEvent) => {
      taken = isTaken(event, store.getState().selection?.kind === "palette");
    };
    const onKey = (event: KeyboardEvent) => {
      if (taken || event.defaultPrevented || event.altKey) return;
      if (act(event, store, now.current)) event.preventDefault();
    };
    window.addEventListener("keydown", before, { capture: true });
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", before, { capture: true });
      window.removeEventListener("keydown", onKey);
    };
  }, [store]);
}

/** Whether a key belongs to something that is open: a dialog, a menu, the drop-down of a field. */
function isTaken(event: KeyboardEvent, inPalette: boolean): boolean {
  if (document.querySelector('[role="dialog"]') !== null) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('[role="menu"], [role="listbox"], [role="toolbar"], [role="tablist"]')) return true;
  // The palette's search is a combobox whose list is always open; there Escape closes the palette itself.
  if (inPalette) return false;
  return event.key === "Escape" && target?.getAttribute("aria-expanded") === "true" && target.getAttribute("role") === "combobox";
}

/** Does what a key stands for; false when it stands for nothing here. */
function act(event: KeyboardEvent, store: EditorStore, ui: EditorUi): boolean {
  const state = store.getState();
  const { key } = event;
  if (event.ctrlKey || event.metaKey) return withControl(event, store, ui);
  if (key === "Escape") {
    if (state.selection === null) return false;
    const back = state.selection.kind === "palette" ? null : stepInFocus(store);
    state.select(null);
    if (ui.view && back) focusStep(ui.view, back);
    return true;
  }
  if (isTyping(event)) return false;
  const actionId = stepInFocus(store);
  const direction = WALK[key.length === 1 ? key.toLowerCase() : key];
  if (direction && !event.shiftKey) return walk(store, ui, neighbour(state.tree, actionId, direction));
  const step = actionId === "trigger" ? null : actionId;
  switch (key) {
    case "a":
    case "A":
      ui.deeds.add(actionId ?? undefined);
      return true;
    case "F2":
      if (step && !state.readOnly) ui.show({ renaming: step });
      return step !== null;
    case "Delete":
    case "Backspace":
      if (step) ui.deeds.remove(step);
      return step !== null;
    case "0":
      ui.view?.actualSize();
      return true;
    case "1":
      ui.view?.fit();
      return true;
    case "+":
      ui.view?.zoomIn();
      return true;
    case "-":
      ui.view?.zoomOut();
      return true;
    default:
      return false;
  }
}

function withControl(event: KeyboardEvent, store: EditorStore, ui: EditorUi): boolean {
  const key = event.key.toLowerCase();
  // In a field of a form, undo is the editor's as well: what is typed there is part of the document.
  const foreign = isTyping(event) && !(event.target as Element).closest("[data-undo]");
  if (foreign) return false;
  if (key === "z" || key === "y") {
    if (key === "y" || event.shiftKey) store.getState().redo();
    else store.getState().undo();
    return true;
  }
  if (key === "d" && !isTyping(event)) {
    const actionId = stepInFocus(store);
    if (actionId && actionId !== "trigger") ui.deeds.duplicate(actionId);
    return true;
  }
  return false;
}

/** Takes the keyboard to a step; while a form is open, it shows that step's. */
function walk(store: EditorStore, ui: EditorUi, to: string): boolean {
  const { selection, select } = store.getState();
  if (!ui.view) return false;
  if (selection?.kind === "step" || selection?.kind === "trigger") select(to === "trigger" ? { kind: "trigger" } : { kind: "step", actionId: to });
  focusStep(ui.view, to);
  const card = cardOf(ui.view, to);
  if (card) ui.view.reveal(card);
  return true;
}
