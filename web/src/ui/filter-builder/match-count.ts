import { queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import { asBody, type JsonObject } from "@/api/json";

/** The number of records that a filter matches now; cheap, so that it can be asked while somebody types. */
export const matchCountQuery = (objectType: string, filter: JsonObject | null) =>
  queryOptions({
    queryKey: ["records", objectType, "count", filter],
    queryFn: ({ signal }) => call(api.POST("/penstock/v1/records/{objectType}/count", { params: { path: { objectType } }, body: { filter: filter && asBody(filter) }, signal })),
    staleTime: 30_000,
    retry: false,
  });
