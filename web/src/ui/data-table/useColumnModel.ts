import { columnResizingFeature, columnSizingFeature, type ColumnSizingState, tableFeatures, useTable } from "@tanstack/react-table";
import { useEffect, useMemo, useRef, useState } from "react";
import { type ColumnLayout, LEAST_WIDTH, MOST_WIDTH, resizeColumn } from "./column-layout";
import type { DataColumn } from "./types";

const features = tableFeatures({ columnSizingFeature, columnResizingFeature });
const NO_ROWS: readonly Record<string, never>[] = [];

interface Wanted<Row> {
  columns: readonly DataColumn<Row>[];
  layout: ColumnLayout;
  onLayout: (layout: ColumnLayout) => void;
}

export interface ColumnModel<Row> {
  /** The shown columns in their order. */
  columns: readonly DataColumn<Row>[];
  /** Their widths in pixels. */
  widths: readonly number[];
  resizing: string | undefined;
  startResize: (index: number) => (event: unknown) => void;
}

/** The shown columns and their widths. A width that is being dragged lives here until it is let go. */
export function useColumnModel<Row>({ columns, layout, onLayout }: Wanted<Row>): ColumnModel<Row> {
  const shown = useMemo(() => {
    const known = new Map(columns.map((column) => [column.id, column]));
    return layout.flatMap((place) => known.get(place.id) ?? []);
  }, [columns, layout]);
  const chosen = useMemo(
    () => Object.fromEntries(layout.flatMap((place) => (place.width === undefined ? [] : [[place.id, place.width]]))),
    [layout],
  );
  const [dragged, setDragged] = useState<ColumnSizingState>();
  const defs = useMemo(
    () => shown.map(({ id, width }) => ({ id, size: width, minSize: LEAST_WIDTH, maxSize: MOST_WIDTH, accessorFn: () => "" })),
    [shown],
  );
  const sizing = dragged ?? chosen;
  const table = useTable({
    features,
    columns: defs,
    data: NO_ROWS,
    columnResizeMode: "onChange",
    state: { columnSizing: sizing },
    onColumnSizingChange: (update) => setDragged((before) => (typeof update === "function" ? update(before ?? chosen) : update)),
  });

  const resizing = table.state.columnResizing.isResizingColumn;
  const latest = useRef({ layout, onLayout, dragged });
  latest.current = { layout, onLayout, dragged };
  const was = useRef<string | false>(false);
  useEffect(() => {
    const done = was.current;
    was.current = resizing;
    if (resizing !== false || done === false) return;
    const { layout: now, onLayout: tell, dragged: sizes } = latest.current;
    const width = sizes?.[done];
    if (width !== undefined) tell(resizeColumn(now, done, width));
    setDragged(undefined);
  }, [resizing]);

  const widths = useMemo(() => shown.map((column) => sizing[column.id] ?? column.width), [shown, sizing]);
  const headers = table.getHeaderGroups()[0]?.headers;
  return {
    columns: shown,
    widths,
    resizing: resizing === false ? undefined : resizing,
    startResize: (index) => headers?.[index]?.getResizeHandler() ?? (() => undefined),
  };
}
