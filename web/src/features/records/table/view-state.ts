import { isObject, type Json, type JsonObject, sameJson } from "@/api/json";
import type { ColumnLayout } from "@/ui/data-table/column-layout";
import type { RecordSort, SavedView, ViewColumn } from "../contract";

/** What the address of a table holds: the view, and whatever differs from it by now. */
export interface RecordsSearch {
  view?: string;
  /** null: no filter, although the view has one. */
  filter?: JsonObject | null;
  search?: string;
  /** `city`, `-city` for descending, "" for the order of creation although the view has another. */
  sort?: string;
  /** `email,city:240`: properties with chosen widths. */
  columns?: string;
  /** Whether the drawer for a new record is open. */
  create?: boolean;
}

/** What a table shows. */
export interface TableState {
  filter: JsonObject | null;
  search: string;
  sort: RecordSort | null;
  columns: ColumnLayout;
}

/** Reads the address; whatever does not fit is left out. */
export function readSearch(raw: Record<string, unknown>): RecordsSearch {
  const text = (name: string) => (typeof raw[name] === "string" || typeof raw[name] === "number" ? { [name]: String(raw[name]) } : {});
  const filter = raw["filter"] as Json | undefined;
  return {
    ...text("view"),
    ...(filter === null || isObject(filter) ? { filter } : {}),
    ...text("search"),
    ...text("sort"),
    ...text("columns"),
    ...(raw["create"] === true ? { create: true } : {}),
  };
}

export function writeSort(sort: RecordSort | null): string {
  return sort ? `${sort.direction === "DESCENDING" ? "-" : ""}${sort.property}` : "";
}

export function readSort(text: string): RecordSort | null {
  if (text === "" || text === "-") return null;
  return text.startsWith("-") ? { property: text.slice(1), direction: "DESCENDING" } : { property: text, direction: "ASCENDING" };
}

export function writeColumns(columns: ColumnLayout): string {
  return columns.map(({ id, width }) => (width === undefined ? id : `${id}:${width}`)).join(",");
}

export function readColumns(text: string): ColumnLayout {
  return text
    .split(",")
    .filter(Boolean)
    .map((part) => {
      const [id = "", width] = part.split(":");
      const pixels = Number(width);
      return Number.isFinite(pixels) && pixels > 0 ? { id, width: pixels } : { id };
    });
}

export function layoutOf(columns: readonly ViewColumn[]): ColumnLayout {
  return columns.map(({ property, width }) => (width === null ? { id: property } : { id: property, width }));
}

export function columnsOf(layout: ColumnLayout): ViewColumn[] {
  return layout.map(({ id, width }) => ({ property: id, width: width ?? null }));
}

/** What a view shows by itself; without a view, everything in the columns of the type. */
export function stateOf(view: SavedView | undefined, defaults: ColumnLayout): TableState {
  if (!view) return { filter: null, search: "", sort: null, columns: defaults };
  return { filter: view.filter, search: view.search, sort: view.sort, columns: view.columns.length > 0 ? layoutOf(view.columns) : defaults };
}

/** What the table shows: the view, with the changes of the address put in. */
export function effective(base: TableState, changes: RecordsSearch): TableState {
  return {
    filter: changes.filter === undefined ? base.filter : changes.filter,
    search: changes.search ?? base.search,
    sort: changes.sort === undefined ? base.sort : readSort(changes.sort),
    columns: changes.columns === undefined ? base.columns : readColumns(changes.columns),
  };
}

/** The address for a state: only what differs from the view. */
export function changesFrom(base: TableState, state: TableState, view: string | undefined): RecordsSearch {
  return {
    ...(view === undefined ? {} : { view }),
    ...(sameJson(base.filter, state.filter) ? {} : { filter: state.filter }),
    ...(base.search === state.search ? {} : { search: state.search }),
    ...(writeSort(base.sort) === writeSort(state.sort) ? {} : { sort: writeSort(state.sort) }),
    ...(writeColumns(base.columns) === writeColumns(state.columns) ? {} : { columns: writeColumns(state.columns) }),
  };
}

/** Whether the address holds changes that the view does not have yet. */
export function hasChanges(search: RecordsSearch): boolean {
  return search.filter !== undefined || search.search !== undefined || search.sort !== undefined || search.columns !== undefined;
}
