import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import type { RecordSort, SavedView } from "../contract";

export const viewsQuery = (objectType: string) =>
  queryOptions({
    queryKey: ["records", objectType, "views"] as const,
    queryFn: async () => (await call(api.GET("/penstock/v1/views", { params: { query: { objectType } } }))).results.map(read),
    staleTime: 60_000,
  });

export type ViewWish = Pick<SavedView, "name" | "filter" | "search" | "sort" | "columns" | "shared">;

function read(shape: components["schemas"]["ViewShape"]): SavedView {
  const { filter, sort, columns, ...rest } = shape;
  return {
    ...rest,
    filter: filter as SavedView["filter"],
    sort: sort as RecordSort | null,
    columns: columns.map(({ property, width }) => ({ property, width: width ?? null })),
  };
}

/** A filter has the client's type for any JSON; the server checks its grammar. */
function sent<T extends Partial<ViewWish>>(wish: T) {
  return wish as T & { filter?: Record<string, never> | null };
}

/** Saves a new view; it becomes a tab. */
export function useCreateView(objectType: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (wish: ViewWish) => read(await call(api.POST("/penstock/v1/views", { body: { objectType, ...sent(wish) } }))),
    onSuccess: (made) => client.setQueryData(viewsQuery(objectType).queryKey, (views) => [...(views ?? []), made]),
  });
}

/** Changes a view. Somebody else's change in between is answered with 409, and their version is fetched. */
export function useUpdateView(objectType: string) {
  const client = useQueryClient();
  const key = viewsQuery(objectType).queryKey;
  return useMutation({
    mutationFn: async ({ view, changes }: { view: SavedView; changes: Partial<ViewWish> }) =>
      read(await call(api.PATCH("/penstock/v1/views/{viewId}", { params: { path: { viewId: view.id } }, body: { version: view.version, ...sent(changes) } }))),
    onSuccess: (changed) => client.setQueryData(key, (views) => views?.map((view) => (view.id === changed.id ? changed : view))),
    onError: () => client.invalidateQueries({ queryKey: key }),
  });
}

export function useDeleteView(objectType: string) {
  const client = useQueryClient();
  const key = viewsQuery(objectType).queryKey;
  return useMutation({
    mutationFn: (view: SavedView) => call(api.DELETE("/penstock/v1/views/{viewId}", { params: { path: { viewId: view.id } } })),
    onSuccess: (_nothing, gone) => client.setQueryData(key, (views) => views?.filter((view) => view.id !== gone.id)),
  });
}
