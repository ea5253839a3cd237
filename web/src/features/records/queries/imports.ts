import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, asForm, call } from "@/api/client";
import type { components } from "@/api/schema";

export type DateFormat = "YEAR_MONTH_DAY" | "MONTH_DAY_YEAR" | "DAY_MONTH_YEAR";

export type PreviewColumn = components["schemas"]["PreviewColumnShape"];
export type ImportRow = components["schemas"]["ImportShape"];
export type BadRow = components["schemas"]["ImportErrorShape"];
export type ImportPreview = components["schemas"]["PreviewShape"];

/** Where each column goes: a property's name, or null for a column that is left out. */
export type Mapping = Readonly<Record<string, string | null>>;

/** Reads the beginning of a file: its columns, what fits them, and what would go wrong. */
export function previewImport(file: File, objectType: string, dateFormat: DateFormat, mapping?: Mapping): Promise<ImportPreview> {
  const fields = { files: file, objectType, dateFormat, ...(mapping ? { mapping: JSON.stringify(mapping) } : {}) };
  return call(api.POST("/penstock/v1/imports/previews", asForm(fields)));
}

export interface ImportWish {
  file: File;
  objectTypeId: string;
  mapping: Mapping;
  unique: string | null;
  operation: "UPSERT" | "CREATE" | "UPDATE";
  dateFormat: DateFormat;
}

/** Begins an import; the rows follow in the background. */
export function startImport({ file, objectTypeId, mapping, unique, operation, dateFormat }: ImportWish) {
  const columnMappings = Object.entries(mapping).map(([columnName, propertyName]) => ({
    columnName,
    columnObjectTypeId: objectTypeId,
    propertyName,
    ...(propertyName !== null && propertyName === unique ? { idColumnType: "HUBSPOT_ALTERNATE_ID" } : {}),
  }));
  const importRequest = JSON.stringify({
    name: file.name,
    importOperations: { [objectTypeId]: operation },
    dateFormat,
    files: [{ fileName: file.name, fileFormat: "CSV", fileImportPage: { hasHeader: true, columnMappings } }],
  });
  return call(api.POST("/crm/v3/imports", asForm({ importRequest, files: file })));
}

const RUNNING: readonly string[] = ["STARTED", "PROCESSING"];
export const isRunning = (state: string) => RUNNING.includes(state);
const LOOK_AGAIN = 500; // milliseconds

/** How far an import is; looks again until it has ended. */
export const importQuery = (importId: string) =>
  queryOptions({
    queryKey: ["imports", importId] as const,
    queryFn: () => call(api.GET("/crm/v3/imports/{importId}", { params: { path: { importId } } })),
    refetchInterval: (query) => (query.state.data && !isRunning(query.state.data.state) ? false : LOOK_AGAIN),
  });

export const badRowsQuery = (importId: string) =>
  infiniteQueryOptions({
    queryKey: ["imports", importId, "bad-rows"] as const,
    queryFn: ({ pageParam }) =>
      call(api.GET("/crm/v3/imports/{importId}/errors", { params: { path: { importId }, query: { limit: 100, ...(pageParam ? { after: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next?.after,
  });

export const importsQuery = infiniteQueryOptions({
  queryKey: ["imports"] as const,
  queryFn: ({ pageParam }) => call(api.GET("/crm/v3/imports", { params: { query: { limit: 20, ...(pageParam ? { after: pageParam } : {}) } } })),
  initialPageParam: "",
  getNextPageParam: (page) => page.paging?.next?.after,
});

export const cancelImport = (importId: string) => call(api.POST("/crm/v3/imports/{importId}/cancel", { params: { path: { importId } } }));

export const badRowsAddress = (importId: string) => `/penstock/v1/imports/${importId}/bad-rows`;
