import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import { customTypesQuery } from "@/api/object-types";
import type { PropertyDefinition, PropertyGroup } from "@/api/properties";
import type { PropertyWish } from "./kinds";

const at = (objectType: string) => ({ path: { objectType } });

/** The archived properties of an object type; their values are kept. */
export const archivedPropertiesQuery = (objectType: string) =>
  queryOptions({
    queryKey: ["properties", objectType, "archived"] as const,
    queryFn: async () => (await call(api.GET("/crm/v3/properties/{objectType}", { params: { ...at(objectType), query: { archived: true } } }))).results,
  });

function useRefresh(objectType: string) {
  const client = useQueryClient();
  return () => Promise.all([client.invalidateQueries({ queryKey: ["properties", objectType] }), client.invalidateQueries({ queryKey: ["schemas"] })]);
}

/** Creates a property. One that was archived under the same name and type comes back with its values. */
export function useCreateProperty(objectType: string) {
  const refresh = useRefresh(objectType);
  return useMutation({
    mutationFn: (wish: PropertyWish) => call(api.POST("/crm/v3/properties/{objectType}", { params: at(objectType), body: wish })),
    onSuccess: refresh,
  });
}

export type PropertyChanges = Partial<Pick<PropertyWish, "label" | "description" | "groupName" | "fieldType" | "options" | "hidden">>;

export function useUpdateProperty(objectType: string) {
  const refresh = useRefresh(objectType);
  return useMutation({
    mutationFn: ({ name, changes }: { name: string; changes: PropertyChanges }) =>
      call(api.PATCH("/crm/v3/properties/{objectType}/{propertyName}", { params: { path: { objectType, propertyName: name } }, body: changes })),
    onSuccess: refresh,
  });
}

/** Archives a property: it leaves forms and lists, its values stay. */
export function useArchiveProperty(objectType: string) {
  const refresh = useRefresh(objectType);
  return useMutation({
    mutationFn: (property: PropertyDefinition) => call(api.DELETE("/crm/v3/properties/{objectType}/{propertyName}", { params: { path: { objectType, propertyName: property.name } } })),
    onSuccess: refresh,
  });
}

export function useCreateGroup(objectType: string) {
  const refresh = useRefresh(objectType);
  return useMutation({
    mutationFn: (group: Pick<PropertyGroup, "name" | "label">) => call(api.POST("/crm/v3/properties/{objectType}/groups", { params: at(objectType), body: { ...group, displayOrder: -1 } })),
    onSuccess: refresh,
  });
}

export interface ObjectTypeWish {
  name: string;
  singular: string;
  plural: string;
  displayLabel: string;
  displayName: string;
}

/** Makes an object type with the one property that names its records. */
export function useCreateObjectType() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, singular, plural, displayLabel, displayName }: ObjectTypeWish) =>
      call(
        api.POST("/crm/v3/schemas", {
          body: {
            name,
            labels: { singular, plural },
            properties: [{ ...blank, name: displayName, label: displayLabel, type: "string", fieldType: "text" }],
            primaryDisplayProperty: displayName,
            requiredProperties: [displayName],
            searchableProperties: [displayName],
          },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: customTypesQuery.queryKey }),
  });
}

const blank = { groupName: "", description: "", options: [], displayOrder: -1, hasUniqueValue: false, hidden: false, formField: false, dataSensitivity: "non_sensitive" as const };
