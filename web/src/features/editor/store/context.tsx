import { createContext, type ReactNode, useContext } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { EditorState, EditorStore } from "./store";
import type { BoundProblem } from "./problems";
import { isUnder } from "./problems";

const EditorContext = createContext<EditorStore | null>(null);

export function EditorProvider({ store, children }: { store: EditorStore; children: ReactNode }) {
  return <EditorContext value={store}>{children}</EditorContext>;
}

/** The store itself, for reading at the moment of an event without rendering for every change. */
export function useEditorStore(): EditorStore {
  const store = useContext(EditorContext);
  if (!store) throw new Error("useEditor needs an EditorProvider above it.");
  return store;
}

/** A part of the open workflow's state; the component renders again when that part changes. */
export function useEditor<T>(selector: (state: EditorState) => T): T {
  return useStore(useEditorStore(), selector);
}

/** The problems of an action at or below a path of its JSON (`fields.prompt`), or all of them. */
export function useProblems(actionId: string, at = ""): BoundProblem[] {
  return useEditor(useShallow((state) => state.problems.filter((problem) => problem.actionId === actionId && isUnder(problem.at, at))));
}
