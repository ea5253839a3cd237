import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
/** What is to be taken back: what a run wrote, or a workflow, narrowed to a step, a revision or a span of time. */
export type Selection = Partial<Omit<Schemas["UndoWish"], "startWorkflows">>;
export type Undo = Schemas["UndoShape"];
export type UndoItem = Schemas["UndoItemShape"];
export type Shown = "RESTORE" | "LEFT";

export const undoKeys = { all: ["undos"] as const };

export const isOpen = ({ state }: Undo): boolean => state === "WAITING" || state === "RUNNING";

/** What an undo would do now: the numbers, and the values of one kind page by page. */
export const previewQuery = (selection: Selection, show: Shown) =>
  infiniteQueryOptions({
    queryKey: [...undoKeys.all, "preview", selection, show] as const,
    queryFn: ({ pageParam }) => call(api.POST("/penstock/v1/undos/previews", { body: { ...selection, show, after: pageParam, limit: 50 } })),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.paging ? Number(page.paging.next.after) : undefined),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** How far an undo is; looked at every second while it goes on. */
export const undoQuery = (undoId: string) =>
  queryOptions({
    queryKey: [...undoKeys.all, undoId] as const,
    queryFn: () => call(api.GET("/penstock/v1/undos/{undoId}", { params: { path: { undoId } } })),
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? 1000 : false),
  });

/** The values that an undo left as they are. */
export const leftQuery = (undoId: string) =>
  infiniteQueryOptions({
    queryKey: [...undoKeys.all, undoId, "left"] as const,
    queryFn: ({ pageParam }) => call(api.GET("/penstock/v1/undos/{undoId}/left", { params: { path: { undoId }, query: { limit: 50, ...(pageParam ? { after: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next.after,
  });

/** The newest undos of a workflow and its runs. */
export const undosOfFlowQuery = (flowId: string) =>
  queryOptions({
    queryKey: [...undoKeys.all, "flow", flowId] as const,
    queryFn: async () => (await call(api.GET("/penstock/v1/undos", { params: { query: { flowId, limit: 3 } } }))).results,
    refetchInterval: ({ state }) => (state.data?.some(isOpen) ? 1000 : false),
  });

/** Takes values back. Records and runs that are shown are read anew. */
export function useUndo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: Schemas["UndoWish"]) => call(api.POST("/penstock/v1/undos", { body: wish })),
    onSuccess: (undo) => client.setQueryData(undoQuery(undo.id).queryKey, undo),
    onSettled: () => forget(client),
  });
}

export function useStopUndo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (undoId: string) => call(api.POST("/penstock/v1/undos/{undoId}/cancellation", { params: { path: { undoId } } })),
    onSettled: () => forget(client),
  });
}

/** What an undo makes stale: records everywhere, and the undos themselves. */
export async function forget(client: ReturnType<typeof useQueryClient>): Promise<void> {
  await client.invalidateQueries({ queryKey: ["records"] });
  await client.invalidateQueries({ queryKey: undoKeys.all, predicate: ({ queryKey }) => queryKey[1] !== "preview" });
}
