import { useDelayedFlag } from "@/ui/delayed-flag";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type ReactNode, useCallback, useEffect, useId, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { BodyRow } from "./BodyRow";
import type { ColumnLayout } from "./column-layout";
import classes from "./DataTable.module.css";
import { HeaderRow } from "./HeaderRow";
import { offsetOf, rememberOffset } from "./scroll-memory";
import type { Selection } from "./selection";
import { SkeletonRows } from "./SkeletonRows";
import type { DataColumn, SortOrder } from "./types";
import { useColumnModel } from "./useColumnModel";
import { useGrid } from "./useGrid";

export const ROW_HEIGHT = 36;
const SELECT_WIDTH = 40;
const LOAD_AHEAD = 15; // rows before the end at which the next page is asked for

export interface DataTableProps<Row> {
  /** What the table holds, for screen readers. */
  label: string;
  /** Every column that can be shown. */
  columns: readonly DataColumn<Row>[];
  /** The columns that are shown. The first one stays in place while the others scroll. */
  layout: ColumnLayout;
  onLayout: (layout: ColumnLayout) => void;
  rows: readonly Row[];
  rowId: (row: Row) => string;
  rowName: (row: Row) => string;
  sort?: SortOrder | undefined;
  onSort?: (sort: SortOrder) => void;
  selection?: Selection;
  onSelection?: (selection: Selection) => void;
  onOpen?: (row: Row) => void;
  onEdit?: (row: Row, columnId: string, value: string) => void;
  /** The first rows are on their way. */
  loading: boolean;
  more?: { has: boolean; loading: boolean; load: () => void };
  /** What the rows are; a table that comes back with the same name stands where it stood. */
  scrollKey?: string;
  /** In the place of rows when there are none. */
  empty?: ReactNode;
}

/** A table of any length: virtual rows, keyboard as in a sheet, columns that can be sized, moved and sorted by. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, rowId, loading, more, scrollKey = "", selection, layout } = props;
  const { t } = useTranslation("table");
  const hint = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const model = useColumnModel(props);
  const first = selection ? 1 : 0;
  const activeRow = useRef(0);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    paddingStart: ROW_HEIGHT,
    scrollPaddingStart: ROW_HEIGHT,
    getItemKey: useCallback((index: number) => rows[index] === undefined ? index : rowId(rows[index]), [rows, rowId]),
    initialOffset: () => offsetOf(scrollKey),
    // The row with the focus stays in the document, however far one scrolls away from it.
    rangeExtractor: useCallback((range: Range) => {
      const indexes = defaultRangeExtractor(range);
      const kept = activeRow.current;
      if (kept < 0 || kept >= range.count || indexes.includes(kept)) return indexes;
      return kept < (indexes[0] ?? 0) ? [kept, ...indexes] : [...indexes, kept];
    }, []),
  });

  const grid = useGrid({ ...props, columns: model.columns, first, scroller, virtualizer });
  activeRow.current = grid.active.row;

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const remember = () => rememberOffset(scrollKey, element.scrollTop);
    element.addEventListener("scroll", remember, { passive: true });
    return () => element.removeEventListener("scroll", remember);
  }, [scrollKey]);

  // Other rows than before begin at the top.
  const shownKey = useRef(scrollKey);
  useEffect(() => {
    if (shownKey.current === scrollKey) return;
    shownKey.current = scrollKey;
    scroller.current?.scrollTo({ top: 0 });
  }, [scrollKey]);

  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? -1;
  const wantsMore = more !== undefined && more.has && !more.loading && rows.length > 0 && lastShown >= rows.length - LOAD_AHEAD;
  useEffect(() => {
    if (wantsMore) more.load();
  });

  const skeleton = useDelayedFlag(loading);
  const style = useMemo(() => gridStyle(model.widths, first === 1), [model.widths, first]);
  const known = more?.has ? -1 : rows.length + 1;
  const tall = virtualizer.getTotalSize() - ROW_HEIGHT;

  return (
    <div className={classes.scroller} ref={scroller} style={style}>
      <p id={hint} className="visually-hidden">
        {t("keys")}
      </p>
      <div
        role="grid"
        ref={grid.ref}
        className={classes.grid}
        aria-label={label}
        aria-describedby={hint}
        aria-rowcount={known}
        aria-colcount={layout.length + first}
        aria-busy={loading || undefined}
        aria-multiselectable={selection ? true : undefined}
        {...grid.handlers}
      >
        <HeaderRow table={props} model={model} active={grid.active.row === -1 ? grid.active.column : undefined} first={first} />
        <div role="rowgroup" className={classes.body} style={{ height: rows.length > 0 ? tall : undefined }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <BodyRow
                key={item.key}
                row={row}
                index={item.index}
                offset={item.start - ROW_HEIGHT}
                columns={model.columns}
                first={first}
                name={props.rowName(row)}
                selected={selection === undefined ? undefined : grid.isChosen(row)}
                activeColumn={grid.active.row === item.index ? grid.active.column : undefined}
                editing={grid.editing?.row === item.index ? grid.editing.column : undefined}
                edit={grid.edit}
                canEdit={props.onEdit !== undefined}
              />
            );
          })}
        </div>
        {loading && skeleton && <SkeletonRows columns={layout.length + first} rows={18} />}
        {more?.loading && rows.length > 0 && <SkeletonRows columns={layout.length + first} rows={3} />}
      </div>
      {!loading && rows.length === 0 && <div className={classes.empty}>{props.empty}</div>}
    </div>
  );
}

/** The template of all rows, as custom properties, so that sizing a column repaints rows without rendering them. */
function gridStyle(widths: readonly number[], selectable: boolean): CSSProperties {
  const all = selectable ? [SELECT_WIDTH, ...widths] : widths;
  return {
    "--columns": `${all.map((width) => `${width}px`).join(" ")} minmax(0, 1fr)`,
    "--width": `${all.reduce((sum, width) => sum + width, 0)}px`,
    "--first": `${selectable ? SELECT_WIDTH : 0}px`,
    "--pinned": `${(selectable ? SELECT_WIDTH : 0) + (widths[0] ?? 0)}px`,
  } as CSSProperties;
}
