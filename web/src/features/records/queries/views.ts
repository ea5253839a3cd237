import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { SavedView } from "../contract";
import { send } from "./send";

export const viewsQuery = (objectType: string) =>
  queryOptions({
    queryKey: ["records", objectType, "views"] as const,
    queryFn: async () => (await send<{ results: SavedView[] }>("GET", `/views?objectType=${encodeURIComponent(objectType)}`)).results,
    staleTime: 60_000,
  });

export type ViewWish = Pick<SavedView, "name" | "filter" | "search" | "sort" | "columns" | "shared">;

/** Saves a new view; it becomes a tab. */
export function useCreateView(objectType: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: ViewWish) => send<SavedView>("POST", "/views", { objectType, ...wish }),
    onSuccess: (made) => client.setQueryData(viewsQuery(objectType).queryKey, (views) => [...(views ?? []), made]),
  });
}

/** Changes a view. Somebody else's change in between is answered with 409, and their version is fetched. */
export function useUpdateView(objectType: string) {
  const client = useQueryClient();
  const key = viewsQuery(objectType).queryKey;
  return useMutation({
    mutationFn: ({ view, changes }: { view: SavedView; changes: Partial<ViewWish> }) => send<SavedView>("PATCH", `/views/${view.id}`, { version: view.version, ...changes }),
    onSuccess: (changed) => client.setQueryData(key, (views) => views?.map((view) => (view.id === changed.id ? changed : view))),
    onError: () => client.invalidateQueries({ queryKey: key }),
  });
}

export function useDeleteView(objectType: string) {
  const client = useQueryClient();
  const key = viewsQuery(objectType).queryKey;
  return useMutation({
    mutationFn: (view: SavedView) => send<undefined>("DELETE", `/views/${view.id}`),
    onSuccess: (_nothing, gone) => client.setQueryData(key, (views) => views?.filter((view) => view.id !== gone.id)),
  });
}
