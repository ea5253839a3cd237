import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { BulkEdit, Values, Which } from "../contract";
import { dropRows } from "./rows";
import { sentMatching } from "./sent";

const at = (objectType: string) => ({ path: { objectType } });
const sentWhich = (which: Which) => ("recordIds" in which ? which : { matching: sentMatching(which.matching) });
const ENDED: readonly string[] = ["DONE", "CANCELED", "FAILED"];
const LOOK_AGAIN = 700; // milliseconds between looks at work that goes on

export const isEnded = (work: BulkEdit) => ENDED.includes(work.state);

/** How far work on many records is; looks again until it has ended. */
export const bulkEditQuery = (id: string) =>
  queryOptions({
    queryKey: ["bulk-edits", id] as const,
    queryFn: () => call(api.GET("/penstock/v1/bulk-edits/{bulkEditId}", { params: { path: { bulkEditId: id } } })),
    refetchInterval: (query) => (query.state.data && isEnded(query.state.data) ? false : LOOK_AGAIN),
  });

export const cancelBulkEdit = (id: string) => call(api.POST("/penstock/v1/bulk-edits/{bulkEditId}/cancellation", { params: { path: { bulkEditId: id } } }));

/** Sets values of many records. */
export function useBulkEdit(objectType: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ which, values }: { which: Which; values: Values }) => call(api.POST("/penstock/v1/records/{objectType}/bulk-edits", { params: at(objectType), body: { ...sentWhich(which), values: values as Record<string, never> } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["records", objectType] });
    },
  });
}

/** Archives records; those on the screen go at once. */
export function useArchive(objectType: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (which: Which) => call(api.POST("/penstock/v1/records/{objectType}/archivals", { params: at(objectType), body: sentWhich(which) })),
    onSuccess: (_work, which) => {
      if ("recordIds" in which) dropRows(client, objectType, new Set(which.recordIds));
      // Not waited for: what was done is said at once, while tables are asked anew. Pages of the records are not:
      // there is nothing to read there any more.
      void client.invalidateQueries({ queryKey: ["records", objectType], predicate: (query) => query.queryKey[2] !== "record" });
    },
  });
}

/** Takes an archival back. */
export function useRestore(objectType: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (archivalId: string) => call(api.POST("/penstock/v1/records/{objectType}/restorations", { params: at(objectType), body: { archivalId } })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["records", objectType] });
    },
  });
}

/** Enrolls records in a workflow by hand; those in it already are left out. */
export function useEnroll() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ flowId, recordIds, batch }: { flowId: string; recordIds: string[]; batch: boolean }) =>
      call(api.POST("/penstock/v1/flows/{flowId}/enrollments", { params: { path: { flowId } }, body: { recordIds, matching: false, batch } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["records"] }),
  });
}

/** A workflow as lists of HubSpot's API show it. */
export interface FlowRow {
  id: string;
  name: string;
  isEnabled: boolean;
  objectTypeId: string;
}

/** The workflows that records of a type can be enrolled in. */
export const flowsForQuery = (objectTypeId: string) =>
  queryOptions({
    queryKey: ["flows", "for-records", objectTypeId] as const,
    queryFn: async () => {
      const page = (await call(api.GET("/automation/v4/flows", { params: { query: { limit: 100 } } }))) as { results?: FlowRow[] };
      return (page.results ?? []).filter((flow) => flow.objectTypeId === objectTypeId);
    },
    staleTime: 15_000,
  });

/** Where a CSV file of the records comes from; the browser saves it while it is written. */
export function exportAddress(objectType: string, wish: { properties: readonly string[] } & Record<string, unknown>): string {
  const request = { ...wish, properties: [...new Set(wish.properties)] };
  return `/penstock/v1/records/${encodeURIComponent(objectType)}/exports?request=${encodeURIComponent(JSON.stringify(request))}`;
}
