import { useCallback, useMemo, useRef } from "react";
import type { CanvasShared } from "../../editor/canvas/canvas-context";
import { FlowCanvas } from "../../editor/canvas/FlowCanvas";
import type { PanZoom } from "../../editor/canvas/pan-zoom";
import { revealStep } from "../../editor/canvas/reveal-step";
import type { RunDetails } from "../queries";
import { useRunDecorations } from "./decorations";
import { useRunWords } from "./run-words";

interface Props {
  run: RunDetails;
  selected: string | null;
  onSelect: (actionId: string | undefined) => void;
}

/** The workflow as it was when the run began, with the way that the record took. */
export function RunCanvas({ run, selected, onSelect }: Props) {
  const { document, tree, catalog, look } = useRunWords(run);
  const view = useRef<PanZoom | null>(null);
  const latest = useRef(onSelect);
  latest.current = onSelect;
  const { decorations, taken } = useRunDecorations(run, document, tree);
  const ready = useCallback((made: PanZoom | null) => {
    view.current = made;
  }, []);
  const shared = useMemo<CanvasShared>(
    () => ({
      catalog,
      look,
      editing: null,
      onSelect: (actionId) => latest.current(actionId === "trigger" ? undefined : actionId),
      onReveal: (actionId) => view.current && revealStep(view.current, actionId),
    }),
    [catalog, look],
  );
  return <FlowCanvas document={document} tree={tree} shared={shared} selected={selected} decorations={decorations} taken={taken} onReady={ready} />;
}
