import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { PropertyDefinition } from "@/api/properties";
import type { RecordRow, Values } from "../contract";
import { patchRows, rowsKey } from "./rows";
import { sentValues } from "./sent";

const at = (objectType: string, objectId: string) => ({ path: { objectType, objectId } });

export const recordKey = (objectType: string, recordId: string) => ["records", objectType, "record", recordId] as const;

/** One record with the values of all properties of its type. */
export const recordQuery = (objectType: string, recordId: string, properties: readonly PropertyDefinition[]) =>
  queryOptions({
    queryKey: recordKey(objectType, recordId),
    queryFn: () =>
      call(
        api.GET("/crm/v3/objects/{objectType}/{objectId}", {
          params: { ...at(objectType, recordId), query: { properties: [properties.map((property) => property.name).join(",")] } },
        }),
      ),
    enabled: properties.length > 0,
  });

interface Change {
  recordId: string;
  values: Values;
}

/** Changes values at once on the screen; when the server refuses, the old ones come back. */
export function useChangeValues(objectType: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ recordId, values }: Change) =>
      call(
        api.PATCH("/crm/v3/objects/{objectType}/{objectId}", {
          params: at(objectType, recordId),
          body: { properties: sentValues(values) },
        }),
      ),
    onMutate: async ({ recordId, values }) => {
      const key = recordKey(objectType, recordId);
      await client.cancelQueries({ queryKey: key, exact: true });
      const before = client.getQueryData<RecordRow>(key);
      if (before) client.setQueryData<RecordRow>(key, { ...before, properties: { ...before.properties, ...values } });
      const restoreRows = patchRows(client, objectType, recordId, values);
      return { before, restoreRows };
    },
    onError: (_error, { recordId }, context) => {
      context?.restoreRows();
      if (context?.before) client.setQueryData(recordKey(objectType, recordId), context.before);
    },
    onSuccess: (stored, { recordId, values }) => {
      // The server writes values in one form: "1.50" may come back as "1.5".
      const written = Object.fromEntries(Object.keys(values).map((name) => [name, stored.properties[name] ?? null]));
      patchRows(client, objectType, recordId, written);
      client.setQueryData<RecordRow>(recordKey(objectType, recordId), (now) => now && { ...now, properties: { ...now.properties, ...written }, updatedAt: stored.updatedAt });
    },
    // History, timeline and origins stand under the record's key.
    onSettled: (_data, _error, { recordId }) =>
      client.invalidateQueries({ queryKey: recordKey(objectType, recordId), predicate: (query) => query.queryKey.length > recordKey(objectType, recordId).length }),
  });
}

/** Creates a record; tables are asked anew, since it may stand anywhere in them. */
export function useCreateRecord(objectType: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (values: Values) => call(api.POST("/crm/v3/objects/{objectType}", { params: { path: { objectType } }, body: { properties: sentValues(values), associations: [] } })),
    onSuccess: () => client.invalidateQueries({ queryKey: rowsKey(objectType) }),
  });
}
