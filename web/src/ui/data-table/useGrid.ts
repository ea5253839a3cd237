import type { Virtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, type FocusEvent, type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { DataTableProps } from "./DataTable";
import { placeAfter, placeAfterEdit } from "./navigation";
import { choose, isSelected, type Selection } from "./selection";
import type { CellEdit, DataColumn, Place } from "./types";

interface Wanted<Row> extends Omit<DataTableProps<Row>, "columns"> {
  columns: readonly DataColumn<Row>[];
  first: 0 | 1;
  scroller: RefObject<HTMLDivElement | null>;
  virtualizer: Virtualizer<HTMLDivElement, Element>;
}

/** The focus, the open editor and the selection of a grid, and what keys and clicks do to them. */
export function useGrid<Row>(wanted: Wanted<Row>) {
  const { rows, rowId, columns, first, virtualizer, scroller, selection } = wanted;
  const ref = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<Place>({ row: 0, column: first });
  const [editing, setEditing] = useState<Place>();
  const focusWanted = useRef(false);
  const anchor = useRef<number | undefined>(undefined);
  const latest = useRef({ ...wanted, active, editing });
  latest.current = { ...wanted, active, editing };

  // Fewer rows than before: the focus stands on the last one.
  const within: Place = { row: Math.min(active.row, rows.length - 1), column: Math.min(active.column, columns.length + first - 1) };

  const go = useCallback(
    (place: Place) => {
      focusWanted.current = true;
      setActive({ ...place });
      if (place.row >= 0) virtualizer.scrollToIndex(place.row, { align: "auto" });
    },
    [virtualizer],
  );

  useLayoutEffect(() => {
    if (!focusWanted.current || editing !== undefined) return;
    const cell = cellAt(ref.current, within);
    if (!cell) return; // scrolled into the document with the next frame
    focusWanted.current = false;
    cell.focus({ preventScroll: true });
    revealSideways(scroller.current, cell);
  });

  const canEdit = useCallback((place: Place) => {
    const { columns: all, first: before, onEdit } = latest.current;
    return onEdit !== undefined && place.row >= 0 && all[place.column - before]?.editor !== undefined;
  }, []);

  const edit: CellEdit = useMemo(
    () => ({
      commit: (value, move) => {
        const { editing: place, rows: all, columns: shown, first: before, onEdit } = latest.current;
        const row = place && all[place.row];
        const column = place && shown[place.column - before];
        if (!place || row === undefined || !column) return;
        onEdit?.(row, column.id, value);
        const editable = [...Array.from({ length: before }, () => false), ...shown.map((one) => one.editor !== undefined)];
        const next = placeAfterEdit(place, move, editable, all.length);
        setEditing(next && (move === "next" || move === "previous") ? next : undefined);
        go(next ?? place);
      },
      cancel: () => {
        const { editing: place } = latest.current;
        setEditing(undefined);
        if (place) go(place);
      },
    }),
    [go],
  );

  const begin = useCallback(
    (place: Place) => {
      go(place);
      setEditing(place);
    },
    [go],
  );

  const toggle = useCallback((index: number, range: boolean) => {
    const { rows: all, rowId: idOf, selection: now, onSelection } = latest.current;
    const row = all[index];
    if (row === undefined || !now || !onSelection) return;
    const chosen = !isSelected(now, idOf(row));
    const [from, to] = range && anchor.current !== undefined ? [Math.min(anchor.current, index), Math.max(anchor.current, index)] : [index, index];
    anchor.current = index;
    onSelection(choose(now, all.slice(from, to + 1).map(idOf), chosen));
  }, []);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    // Keys in menus that React counts as inside, and keys in an open editor, are theirs.
    if (editing !== undefined || event.altKey || !(event.target as Element).closest("[data-column]")) return;
    if (!event.currentTarget.contains(event.target as Node)) return;
    const row = rows[within.row];
    if ((event.key === "Enter" || event.key === "F2") && row !== undefined) {
      event.preventDefault();
      if (within.column < first) toggle(within.row, event.shiftKey);
      else if (canEdit(within)) begin(within);
      else if (event.key === "Enter") wanted.onOpen?.(row);
      return;
    }
    if (event.key === " " && row !== undefined && selection) {
      event.preventDefault();
      toggle(within.row, event.shiftKey);
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / 36) - 2);
    const place = placeAfter(event, within, { rows: rows.length, columns: columns.length + first, page });
    if (!place) return;
    event.preventDefault();
    go(place);
  };

  const onClick = (event: MouseEvent<HTMLDivElement>) => {
    const target = event.target as Element;
    const cell = target.closest<HTMLElement>("[data-column]");
    const line = target.closest<HTMLElement>("[data-row]");
    if (!cell || !line || !event.currentTarget.contains(cell)) return;
    const place = { row: Number(line.dataset["row"]), column: Number(cell.dataset["column"]) };
    const row = rows[place.row];
    if (row === undefined || cell.dataset["editing"]) return;
    if (target.closest("[data-edit]")) return begin(place);
    if (place.column < first) {
      toggle(place.row, event.shiftKey);
      return go(place);
    }
    if (target.closest("a, button, input")) return undefined;
    setActive(place);
    // Marking text with the mouse is no click on the row.
    if (globalThis.getSelection()?.isCollapsed !== false) wanted.onOpen?.(row);
    return undefined;
  };

  const onFocus = (event: FocusEvent<HTMLDivElement>) => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-column]");
    const line = cell?.closest<HTMLElement>("[data-row]");
    if (!cell || !line || !event.currentTarget.contains(cell)) return;
    const place = { row: Number(line.dataset["row"]), column: Number(cell.dataset["column"]) };
    if (place.row !== within.row || place.column !== within.column) setActive(place);
  };

  return {
    ref,
    active: within,
    editing,
    edit,
    isChosen: (row: Row) => isSelected(selection as Selection, rowId(row)),
    handlers: { onKeyDown, onClick, onFocus },
  };
}

function cellAt(grid: HTMLElement | null, place: Place): HTMLElement | null {
  return grid?.querySelector<HTMLElement>(`[data-row="${place.row}"] > [data-column="${place.column}"]`) ?? null;
}

/** Brings a cell out from under the columns that stay in place, or in from the right. */
function revealSideways(scroller: HTMLElement | null, cell: HTMLElement): void {
  if (!scroller || cell.dataset["pinned"]) return;
  const pinned = Number.parseFloat(getComputedStyle(scroller).getPropertyValue("--pinned")) || 0;
  const left = cell.offsetLeft - pinned;
  const right = cell.offsetLeft + cell.offsetWidth;
  if (left < scroller.scrollLeft) scroller.scrollLeft = left;
  else if (right > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = right - scroller.clientWidth;
}
