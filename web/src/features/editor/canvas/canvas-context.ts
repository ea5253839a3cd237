import { createContext, useContext } from "react";
import { type StoreApi, useStore } from "zustand";
import type { Lookup } from "../describe/describe-step";
import type { Exit } from "../model/edges";
import type { ActionType } from "../model/types";
import type { Decorations, TakenExits } from "./decoration";

/** What only an editor can do with the tree. All of it stays the same function for as long as the tree is shown. */
export interface CanvasEditing {
  /** A + was pressed. */
  onInsert: (exit: Exit) => void;
  /** The menu of a step was asked for, at a point of the window. */
  onMenu: (actionId: string, point: { x: number; y: number }) => void;
  onRename: (actionId: string, name: string) => void;
  onRenamed: () => void;
  /** A card is pressed with the mouse: perhaps the beginning of a drag. */
  onGrab: (actionId: string, event: React.PointerEvent) => void;
  onToggleCollapsed: (actionId: string) => void;
  onRemoveJump: (exit: Exit) => void;
}

/** What all parts of a tree share; changes seldom, so cards do not render for it while somebody types. */
export interface CanvasShared {
  catalog: readonly ActionType[];
  look: Lookup;
  editing: CanvasEditing | null;
  onSelect: (actionId: string | "trigger", byKeyboard: boolean) => void;
  /** Brings a step into view and marks it for a moment. */
  onReveal: (actionId: string) => void;
}

/** What changes while one works. It stands in a store of its own, of which each card reads only its own part. */
export interface CanvasMoving {
  selected: string | null;
  renaming: string | null;
  /** The exit whose + is active: the palette is open for it, or a step is dragged over it. */
  activeExit: Exit | null;
  /** Exits that a dragged step can be dropped at; null while nothing is dragged. */
  dragging: string | null;
  collapsed: ReadonlySet<string>;
  decorations: Decorations;
  taken: TakenExits;
  titles: ReadonlyMap<string, string>;
  names: (actionId: string) => string;
}

export const CanvasSharedContext = createContext<CanvasShared | null>(null);
export const CanvasMovingContext = createContext<StoreApi<CanvasMoving> | null>(null);

export function useCanvas(): CanvasShared {
  const shared = useContext(CanvasSharedContext);
  if (!shared) throw new Error("This part belongs into a FlowTree.");
  return shared;
}

/** A part of what changes; the component renders again only when that part does. */
export function useMoving<T>(selector: (moving: CanvasMoving) => T): T {
  const store = useContext(CanvasMovingContext);
  if (!store) throw new Error("This part belongs into a FlowTree.");
  return useStore(store, selector);
}
