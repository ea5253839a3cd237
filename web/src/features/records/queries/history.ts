import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Paging, RecordRow, TimelineEvent, TimelineKind, ValueOrigin, Version } from "../contract";
import { recordKey } from "./record";
import { patchRows } from "./rows";
import { send } from "./send";

interface Page<T> {
  results: T[];
  paging?: Paging;
}

const of = (objectType: string, recordId: string) => `/records/${encodeURIComponent(objectType)}/${recordId}`;

/** All versions of a property's value, newest first; of all properties when none is named. */
export const historyQuery = (objectType: string, recordId: string, property: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [...recordKey(objectType, recordId), "history", property ?? ""] as const,
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: "50", ...(property ? { property } : {}), ...(pageParam ? { after: pageParam } : {}) });
      return send<Page<Version>>("GET", `${of(objectType, recordId)}/history?${query}`, undefined, signal);
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next?.after,
  });

/** Who wrote the value that each property has now. */
export const originsQuery = (objectType: string, recordId: string) =>
  queryOptions({
    queryKey: [...recordKey(objectType, recordId), "origins"] as const,
    queryFn: async ({ signal }) => {
      const { results } = await send<Page<ValueOrigin>>("GET", `${of(objectType, recordId)}/values-origin`, undefined, signal);
      return new Map(results.map((origin) => [origin.property, origin]));
    },
  });

/** What happened to a record, newest first. */
export const timelineQuery = (objectType: string, recordId: string, kinds: readonly TimelineKind[]) =>
  infiniteQueryOptions({
    queryKey: [...recordKey(objectType, recordId), "timeline", kinds] as const,
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: "30", ...(pageParam ? { after: pageParam } : {}) });
      for (const kind of kinds) query.append("kind", kind);
      return send<Page<TimelineEvent>>("GET", `${of(objectType, recordId)}/timeline?${query}`, undefined, signal);
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next?.after,
  });

/** Puts the value before a version back. Refused with 409 when the value is another by now. */
export function useUndoVersion(objectType: string, recordId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (versionId: string) => send<{ record: RecordRow; version: Version }>("POST", `${of(objectType, recordId)}/history/${versionId}/undo`, {}),
    onSuccess: ({ version }) => {
      const values = { [version.property]: version.value };
      patchRows(client, objectType, recordId, values);
      client.setQueryData<RecordRow>(recordKey(objectType, recordId), (now) => now && { ...now, properties: { ...now.properties, ...values } });
    },
    onSettled: () => client.invalidateQueries({ queryKey: recordKey(objectType, recordId) }),
  });
}
