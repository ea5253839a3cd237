import type { Move, Place } from "./types";

export interface Extent {
  rows: number;
  columns: number;
  /** Rows that fit on the screen, for Page Up and Page Down. */
  page: number;
}

interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** Where a key leads in a data grid, after the WAI-ARIA grid pattern; undefined for keys that do not move. */
export function placeAfter(key: Key, from: Place, extent: Extent): Place | undefined {
  const far = key.ctrlKey || key.metaKey;
  const last = { row: extent.rows - 1, column: extent.columns - 1 };
  const at = (row: number, column: number): Place => ({
    row: Math.max(-1, Math.min(last.row, row)),
    column: Math.max(0, Math.min(last.column, column)),
  });
  switch (key.key) {
    case "ArrowDown":
      return at(far ? last.row : from.row + 1, from.column);
    case "ArrowUp":
      return at(far ? -1 : from.row - 1, from.column);
    case "ArrowRight":
      return at(from.row, far ? last.column : from.column + 1);
    case "ArrowLeft":
      return at(from.row, far ? 0 : from.column - 1);
    case "Home":
      return at(far ? -1 : from.row, 0);
    case "End":
      return at(far ? last.row : from.row, last.column);
    case "PageDown":
      return at(from.row + extent.page, from.column);
    case "PageUp":
      return at(from.row - extent.page, from.column);
    default:
      return undefined;
  }
}

/** The cell that an edit goes on to: the next or previous one that can be edited, over the ends of rows. */
export function placeAfterEdit(from: Place, move: Move, editable: readonly boolean[], rows: number): Place | undefined {
  if (move === "stay") return from;
  if (move === "down") return from.row + 1 < rows ? { ...from, row: from.row + 1 } : from;
  const step = move === "next" ? 1 : -1;
  let { row, column } = from;
  if (!editable.includes(true)) return undefined;
  for (;;) {
    column += step;
    if (column >= editable.length) [row, column] = [row + 1, 0];
    if (column < 0) [row, column] = [row - 1, editable.length - 1];
    if (row < 0 || row >= rows) return undefined;
    if (editable[column]) return { row, column };
  }
}
