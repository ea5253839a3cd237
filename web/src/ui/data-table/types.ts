import type { ReactNode } from "react";

/** Where the focus goes after an edit: it stays, or moves on to the cell below, after or before. */
export type Move = "stay" | "down" | "next" | "previous";

/** What an editor in a cell calls when it is done. */
export interface CellEdit {
  commit(value: string, move: Move): void;
  cancel(): void;
}

export interface DataColumn<Row> {
  id: string;
  label: string;
  /** The width in pixels that the column begins with. */
  width: number;
  align?: "end";
  sortable?: boolean;
  render: (row: Row) => ReactNode;
  /** Draws the editor in the cell's place; a column without one cannot be edited. */
  editor?: (row: Row, edit: CellEdit) => ReactNode;
}

export interface SortOrder {
  column: string;
  direction: "ASCENDING" | "DESCENDING";
}

/** A place in the grid. Row -1 is the header; column 0 is the one that selects, where there is one. */
export interface Place {
  row: number;
  column: number;
}
