import { memo, useCallback, useMemo, useRef, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import type { OpenedWorkflow } from "../queries";
import { useCanvasLookup } from "../describe/use-lookup";
import { useUi } from "../editor-ui";
import { renameStep, setJump } from "../model/edits";
import type { ActionType } from "../model/types";
import { useEditor, useEditorStore } from "../store/context";
import type { CanvasEditing, CanvasShared } from "./canvas-context";
import { FlowCanvas } from "./FlowCanvas";
import type { PanZoom } from "./pan-zoom";
import { useDecorations } from "./use-decorations";
import { useDragStep } from "./use-drag-step";
import { useStayingPut } from "./use-staying-put";

interface Props {
  catalog: readonly ActionType[];
  standing: OpenedWorkflow["standing"];
  onReady: (view: PanZoom | null) => void;
}

/** The canvas of the open workflow: what is pressed on it becomes a change of the document. */
export const EditorCanvas = memo(function EditorCanvas({ catalog, standing, onReady }: Props) {
  const store = useEditorStore();
  const { document, tree, selection, collapsed, readOnly, outputs } = useEditor(
    useShallow((state) => ({
      document: state.document,
      tree: state.tree,
      selection: state.selection,
      collapsed: state.collapsed,
      readOnly: state.readOnly,
      outputs: state.outputs,
    })),
  );
  const { look, titles } = useCanvasLookup(document, tree, catalog, outputs);
  const decorations = useDecorations(standing);
  const { deeds, renaming, show } = useUi();
  const viewRef = useRef<PanZoom | null>(null);
  const [view, setView] = useState<PanZoom | null>(null);
  const ready = useCallback(
    (made: PanZoom | null) => {
      viewRef.current = made;
      setView(made);
      onReady(made);
    },
    [onReady],
  );
  const { dragging, grab } = useDragStep(viewRef, deeds);
  useStayingPut(view, store);

  const editing = useMemo<CanvasEditing>(
    () => ({
      onInsert: (exit) => {
        const { selection: now, select } = store.getState();
        select(now?.kind === "palette" && now.exit === exit ? null : { kind: "palette", exit });
      },
      onMenu: (actionId, { x, y }) => show({ menu: { actionId, x, y } }),
      onRename: (actionId, name) => store.getState().edit((before) => renameStep(before, actionId, name)),
      onRenamed: () => show({ renaming: null }),
      onGrab: grab,
      onToggleCollapsed: (actionId) => store.getState().toggleCollapsed(actionId),
      onRemoveJump: (exit) => store.getState().edit((before) => setJump(before, exit, null)),
    }),
    [store, show, grab],
  );

  const shared = useMemo<CanvasShared>(
    () => ({
      catalog,
      look,
      editing: readOnly ? null : editing,
      onSelect: (actionId, byKeyboard) =>
        store.getState().select(actionId === "trigger" ? { kind: "trigger" } : { kind: "step", actionId }, byKeyboard ? "" : undefined),
      onReveal: deeds.reveal,
    }),
    [catalog, look, readOnly, editing, store, deeds],
  );

  const activeExit = selection?.kind === "palette" ? selection.exit : null;
  const moving = useMemo(() => ({ renaming, activeExit, dragging, collapsed }), [renaming, activeExit, dragging, collapsed]);
  const selected = selection?.kind === "step" ? selection.actionId : selection?.kind === "trigger" ? "trigger" : null;
  return (
    <FlowCanvas document={document} tree={tree} shared={shared} selected={selected} decorations={decorations} moving={moving} titles={titles} onReady={ready} />
  );
});
