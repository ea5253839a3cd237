import { createContext, useContext, useMemo, useRef, useState } from "react";
import type { PanZoom } from "./canvas/pan-zoom";
import { createStepDeeds, type StepDeeds } from "./step-deeds";
import type { ActionType } from "./model/types";
import { useEditorStore } from "./store/context";

/** What the editor shows besides the document: a menu, a dialog, a name being written. Nothing of it is undone. */
export interface EditorUi {
  view: PanZoom | null;
  catalog: readonly ActionType[];
  deeds: StepDeeds;
  menu: { actionId: string; x: number; y: number } | null;
  renaming: string | null;
  moving: string | null;
  deleting: string | null;
  /** The step whose path for failed records is about to go, with steps on it. */
  unpathing: string | null;
  show: (part: Partial<Shown>) => void;
}

type Shown = Pick<EditorUi, "menu" | "renaming" | "moving" | "deleting" | "unpathing">;

export const EditorUiContext = createContext<EditorUi | null>(null);

export function useUi(): EditorUi {
  const ui = useContext(EditorUiContext);
  if (!ui) throw new Error("This part belongs into the editor.");
  return ui;
}

const NOTHING: Shown = { menu: null, renaming: null, moving: null, deleting: null, unpathing: null };

export function useEditorUi(view: PanZoom | null, catalog: readonly ActionType[]): EditorUi {
  const store = useEditorStore();
  const [parts, setParts] = useState(NOTHING);
  const now = useRef(view);
  now.current = view;
  const deeds = useMemo(
    () => createStepDeeds(store, { view: () => now.current, show: (part) => setParts((before) => ({ ...before, ...part })) }),
    [store],
  );
  return useMemo(() => ({ view, catalog, deeds, ...parts, show: (part) => setParts((before) => ({ ...before, ...part })) }), [view, catalog, deeds, parts]);
}
