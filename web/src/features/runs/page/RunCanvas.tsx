import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import { api, call } from "@/api/client";
import type { Json } from "@/api/json";
import type { CanvasShared } from "../../editor/canvas/canvas-context";
import { FlowCanvas } from "../../editor/canvas/FlowCanvas";
import type { PanZoom } from "../../editor/canvas/pan-zoom";
import { revealStep } from "../../editor/canvas/reveal-step";
import { useLookup } from "../../editor/describe/use-lookup";
import { readTree } from "../../editor/model/tree";
import { asDocument, type OutputSpec } from "../../editor/model/types";
import { useCatalog } from "../../editor/queries";
import type { RunDetails } from "../queries";
import { useRunDecorations } from "./decorations";

interface Props {
  run: RunDetails;
  selected: string | null;
  onSelect: (actionId: string | undefined) => void;
}

const NONE: Readonly<Record<string, OutputSpec[]>> = {};

/** The workflow as it was when the run began, with the way that the record took. */
export function RunCanvas({ run, selected, onSelect }: Props) {
  const catalog = useCatalog();
  const view = useRef<PanZoom | null>(null);
  const latest = useRef(onSelect);
  latest.current = onSelect;
  // A revision never changes: while the run moves, the cards keep their documents and do not render again.
  const source = JSON.stringify(run.flow.document);
  const document = useMemo(() => asDocument(JSON.parse(source) as Json), [source]);
  const tree = useMemo(() => readTree(document), [document]);
  const { data: outputs = NONE } = useQuery({
    queryKey: ["flow-outputs", run.flowId, run.revisionId],
    queryFn: async () => (await call(api.POST("/penstock/v1/flow-checks", { body: { flow: run.flow.document, moment: "save" } }))).outputs,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const look = useLookup(document, tree, catalog, outputs);
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
