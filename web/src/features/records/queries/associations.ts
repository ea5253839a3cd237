import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { AssociationGroup, AssociationLabel } from "../contract";
import { recordKey } from "./record";

const key = (objectType: string, recordId: string) => [...recordKey(objectType, recordId), "associations"] as const;

/** The first associated records of every type that the record can be associated with. */
export const associationsQuery = (objectType: string, recordId: string) =>
  queryOptions({
    queryKey: key(objectType, recordId),
    queryFn: async ({ signal }) =>
      (await call(api.GET("/penstock/v1/records/{objectType}/{recordId}/associations", { params: { path: { objectType, recordId }, query: { limit: 5 } }, signal }))).results,
  });

/** All associated records of one type, page after page. */
export const associatedQuery = (objectType: string, recordId: string, toObjectType: string) =>
  infiniteQueryOptions({
    queryKey: [...key(objectType, recordId), toObjectType] as const,
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/penstock/v1/records/{objectType}/{recordId}/associations", {
          params: { path: { objectType, recordId }, query: { toObjectType, limit: 50, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next?.after,
  });

/** Records whose words begin with what was typed, for picking one. */
export const foundQuery = (objectType: string, search: string, properties: readonly string[]) =>
  queryOptions({
    queryKey: ["records", objectType, "found", search, properties] as const,
    queryFn: ({ signal }) =>
      call(api.POST("/penstock/v1/records/{objectType}/query", { params: { path: { objectType } }, body: { filter: null, search, sort: null, properties: [...properties], limit: 10 }, signal })),
    staleTime: 10_000,
  });

export interface Association {
  toObjectType: string;
  toRecordId: string;
}

export function useAssociate(objectType: string, recordId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ toObjectType, toRecordId, label }: Association & { label: AssociationLabel | undefined }) => {
      const path = { fromObjectType: objectType, objectId: recordId, toObjectType, toObjectId: toRecordId };
      if (!label || label.label === null) return call(api.PUT("/crm/v4/objects/{fromObjectType}/{objectId}/associations/default/{toObjectType}/{toObjectId}", { params: { path } }));
      return call(
        api.PUT("/crm/v4/objects/{fromObjectType}/{objectId}/associations/{toObjectType}/{toObjectId}", {
          params: { path },
          body: [{ associationCategory: label.category, associationTypeId: label.typeId }],
        }),
      );
    },
    onSettled: () => client.invalidateQueries({ queryKey: recordKey(objectType, recordId) }),
  });
}

/** Removes all associations between two records; the row goes at once. */
export function useDissociate(objectType: string, recordId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ toObjectType, toRecordId }: Association) =>
      call(
        api.DELETE("/crm/v4/objects/{fromObjectType}/{objectId}/associations/{toObjectType}/{toObjectId}", {
          params: { path: { fromObjectType: objectType, objectId: recordId, toObjectType, toObjectId: toRecordId } },
        }),
      ),
    onMutate: ({ toObjectType, toRecordId }) => {
      const before = client.getQueryData<AssociationGroup[]>(key(objectType, recordId));
      client.setQueryData<AssociationGroup[]>(key(objectType, recordId), (groups) =>
        groups?.map((group) =>
          group.objectTypeId === toObjectType
            ? { ...group, count: { ...group.count, count: group.count.count - 1 }, results: group.results.filter((one) => one.recordId !== toRecordId) }
            : group,
        ),
      );
      return { before };
    },
    onError: (_error, _wish, context) => client.setQueryData(key(objectType, recordId), context?.before),
    onSettled: () => client.invalidateQueries({ queryKey: recordKey(objectType, recordId) }),
  });
}
