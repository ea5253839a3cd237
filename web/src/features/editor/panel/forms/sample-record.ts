import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, call } from "@/api/client";
import { objectSchemaQuery, type ObjectSchema } from "@/api/properties";

/** A record to try a form with. */
export interface SampleRecord {
  id: string;
  name: string;
  properties: Values;
}

type Values = Readonly<Record<string, string | null>>;

/** Records that a picker offers at a time. */
const OFFERED = 20;

function nameOf(row: { id: string; properties: Values }, schema: ObjectSchema): string {
  const shown = schema.primaryDisplayProperty === "email" || schema.objectTypeId === "0-1" ? [row.properties.firstname, row.properties.lastname] : [];
  const full = shown.filter(Boolean).join(" ");
  return full || row.properties[schema.primaryDisplayProperty] || `#${row.id}`;
}

/** Records whose searchable values begin with the words typed; the newest ones while nothing is. */
export const sampleRecordsQuery = (objectType: string, search: string, schema: ObjectSchema | undefined) =>
  queryOptions({
    queryKey: ["records", objectType, "samples", search],
    queryFn: async ({ signal }): Promise<SampleRecord[]> => {
      if (!schema) return [];
      const properties = [...new Set([schema.primaryDisplayProperty, "firstname", "lastname"])].filter((name) => schema.properties.some((one) => one.name === name));
      const rows = await call(api.POST("/penstock/v1/records/{objectType}/query", { params: { path: { objectType } }, body: { search, properties, limit: OFFERED }, signal }));
      return rows.results.map((row) => ({ id: row.id, name: nameOf(row, schema), properties: row.properties }));
    },
    enabled: schema !== undefined && objectType !== "",
    placeholderData: (before) => before,
    staleTime: 60_000,
  });

const chosenKey = (objectType: string) => ["editor", "sample-record", objectType] as const;

/** The record that previews, samples and tests use; chosen once for all forms, the newest one until then. */
export function useSampleRecord(objectType: string): { record: SampleRecord | undefined; choose: (record: SampleRecord) => void } {
  const client = useQueryClient();
  const { data: schema } = useQuery({ ...objectSchemaQuery(objectType), enabled: objectType !== "" });
  const { data: chosen } = useQuery<SampleRecord | null>({ queryKey: chosenKey(objectType), queryFn: () => null, staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY });
  const { data: newest } = useQuery({ ...sampleRecordsQuery(objectType, "", schema), enabled: schema !== undefined && !chosen });
  const choose = useCallback((record: SampleRecord) => client.setQueryData(chosenKey(objectType), record), [client, objectType]);
  return { record: chosen ?? newest?.[0], choose };
}

/** Every value of a record, for samples beside tokens. */
export const sampleValuesQuery = (objectType: string, recordId: string | undefined, properties: readonly string[]) =>
  queryOptions({
    queryKey: ["records", objectType, "sample-values", recordId],
    queryFn: async ({ signal }): Promise<Values> => {
      const read = await call(
        api.POST("/crm/v3/objects/{objectType}/batch/read", { params: { path: { objectType } }, body: { inputs: [{ id: recordId ?? "" }], properties: [...properties] }, signal }),
      );
      return read.results[0]?.properties ?? {};
    },
    enabled: recordId !== undefined && properties.length > 0,
    staleTime: 60_000,
  });
