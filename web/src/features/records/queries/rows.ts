import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import type { Count, Matching, RecordSort, RowsPage, Values } from "../contract";
import { sentMatching } from "./sent";

/** What a table asks for. */
export interface RowsWish extends Matching {
  sort: RecordSort | null;
  properties: readonly string[];
}

const PAGE = 100;
const WAITS_FOR_INDEX = 40; // times that the order is asked for again while its index is built
const SECOND = 1000;

export const rowsKey = (objectType: string) => ["records", objectType, "rows"] as const;

/** Whether the server is still building the index that an order needs. */
export function isBeingPrepared(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === "BEING_PREPARED";
}

/** The rows of a table, page after page by key; any row of a million is as quick to reach as the first. */
export const rowsQuery = (objectType: string, wish: RowsWish) =>
  infiniteQueryOptions({
    queryKey: [...rowsKey(objectType), wish] as const,
    queryFn: ({ pageParam, signal }) =>
      call(
        api.POST("/penstock/v1/records/{objectType}/query", {
          params: { path: { objectType } },
          body: { ...sentMatching(wish), sort: wish.sort, properties: [...wish.properties], limit: PAGE, ...(pageParam ? { after: pageParam } : {}) },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next?.after,
    staleTime: 30_000,
    refetchOnWindowFocus: false, // pages would be fetched one after the other
    retry: (count, error) => (isBeingPrepared(error) ? count < WAITS_FOR_INDEX : count < 2 && !(error instanceof ApiProblem && error.status >= 400)),
    retryDelay: SECOND,
  });

/** How many records match; beyond 10,000 the server stops counting. */
export const countQuery = (objectType: string, matching: Matching) =>
  queryOptions({
    queryKey: ["records", objectType, "count", matching] as const,
    queryFn: ({ signal }): Promise<Count> => call(api.POST("/penstock/v1/records/{objectType}/count", { params: { path: { objectType } }, body: sentMatching(matching), signal })),
    staleTime: 30_000,
  });

/** Puts new values into every loaded table that holds the record. Returns how to take them out again. */
export function patchRows(client: QueryClient, objectType: string, recordId: string, values: Values): () => void {
  const before = client.getQueriesData<{ pages: RowsPage[]; pageParams: string[] }>({ queryKey: rowsKey(objectType) });
  for (const [key, data] of before) {
    if (!data) continue;
    client.setQueryData(key, {
      ...data,
      pages: data.pages.map((page) =>
        page.results.some((row) => row.id === recordId)
          ? { ...page, results: page.results.map((row) => (row.id === recordId ? { ...row, properties: { ...row.properties, ...values } } : row)) }
          : page,
      ),
    });
  }
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data);
  };
}

/** Takes records out of every loaded table at once. */
export function dropRows(client: QueryClient, objectType: string, ids: ReadonlySet<string>): void {
  client.setQueriesData<{ pages: RowsPage[]; pageParams: string[] }>({ queryKey: rowsKey(objectType) }, (data) =>
    data && { ...data, pages: data.pages.map((page) => ({ ...page, results: page.results.filter((row) => !ids.has(row.id)) })) },
  );
}
