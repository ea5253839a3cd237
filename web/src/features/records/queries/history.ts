import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { RecordRow, TimelineKind } from "../contract";
import { recordKey } from "./record";
import { patchRows } from "./rows";

const at = (objectType: string, recordId: string) => ({ path: { objectType, recordId } });

/** All versions of a property's value, newest first; of all properties when none is named. */
export const historyQuery = (objectType: string, recordId: string, property: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [...recordKey(objectType, recordId), "history", property ?? ""] as const,
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/penstock/v1/records/{objectType}/{recordId}/history", {
          params: { ...at(objectType, recordId), query: { limit: 50, ...(property ? { property: [property] } : {}), ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next?.after,
  });

/** Who wrote the value that each property has now. */
export const originsQuery = (objectType: string, recordId: string) =>
  queryOptions({
    queryKey: [...recordKey(objectType, recordId), "origins"] as const,
    queryFn: async ({ signal }) => {
      const { results } = await call(api.GET("/penstock/v1/records/{objectType}/{recordId}/values-origin", { params: at(objectType, recordId), signal }));
      return new Map(results.map((origin) => [origin.property, origin]));
    },
  });

/** What happened to a record, newest first. */
export const timelineQuery = (objectType: string, recordId: string, kinds: readonly TimelineKind[]) =>
  infiniteQueryOptions({
    queryKey: [...recordKey(objectType, recordId), "timeline", kinds] as const,
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/penstock/v1/records/{objectType}/{recordId}/timeline", {
          params: { ...at(objectType, recordId), query: { limit: 30, kind: [...kinds], ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next?.after,
  });

/** Puts the value before a version back. Refused with 409 when the value is another by now. */
export function useUndoVersion(objectType: string, recordId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (versionId: string) => call(api.POST("/penstock/v1/records/{objectType}/{recordId}/history/{versionId}/undo", { params: { path: { objectType, recordId, versionId } } })),
    onSuccess: ({ version }) => {
      const values = { [version.property]: version.value };
      patchRows(client, objectType, recordId, values);
      client.setQueryData<RecordRow>(recordKey(objectType, recordId), (now) => now && { ...now, properties: { ...now.properties, ...values } });
    },
    onSettled: () => client.invalidateQueries({ queryKey: recordKey(objectType, recordId) }),
  });
}
