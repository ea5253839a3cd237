import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { recordName, useObjectType } from "@/api/object-types";
import { propertiesQuery } from "@/api/properties";
import type { RecordRow } from "../contract";
import { rowsQuery, type RowsWish } from "../queries/rows";
import { viewsQuery } from "../queries/views";
import { defaultColumns } from "./default-columns";
import { useOwnColumns } from "./own-columns";
import { effective, type RecordsSearch, stateOf } from "./view-state";

/** What the address asks for, and the rows that answer it. The record page walks the same rows. */
export function useRecordsTable(objectType: string, search: RecordsSearch) {
  const type = useObjectType(objectType);
  const { data: properties, error: propertiesError } = useQuery(propertiesQuery(objectType));
  const { data: views, error: viewsError } = useQuery(viewsQuery(objectType));
  const [ownColumns, setOwnColumns] = useOwnColumns(objectType);
  const view = search.view === undefined ? undefined : views?.find((one) => one.id === search.view);

  const base = useMemo(() => stateOf(view, ownColumns ?? defaultColumns(type, properties ?? [])), [view, ownColumns, type, properties]);
  const state = useMemo(() => effective(base, search), [base, search]);
  const wish = useMemo((): RowsWish => {
    const names = new Set([...type.nameProperties, ...state.columns.map((column) => column.id)]);
    return { filter: state.filter, search: state.search, sort: state.sort, properties: [...names].sort() };
  }, [type, state]);

  const ready = properties !== undefined && (search.view === undefined || views !== undefined || viewsError !== null);
  const found = useInfiniteQuery({
    ...rowsQuery(objectType, wish),
    enabled: ready,
    // The rows of before stay until the new ones are there, unless they are of another type.
    placeholderData: (before, query) => (query?.queryKey[1] === objectType ? before : undefined),
  });
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.results) ?? NO_ROWS, [found.data]);

  return { type, properties, propertiesError, views, view, base, state, wish, found, rows, ready, ownColumns, setOwnColumns };
}

const NO_ROWS: RecordRow[] = [];

export type RecordsTable = ReturnType<typeof useRecordsTable>;

/** What a row is called; its id where nothing names it. */
export function rowName(type: RecordsTable["type"], row: RecordRow): string {
  return recordName(type, row.properties) ?? `#${row.id}`;
}
