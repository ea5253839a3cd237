import { queryOptions } from "@tanstack/react-query";
import { api, call } from "./client";
import type { components } from "./schema";

export type PropertyDefinition = components["schemas"]["PropertyShape"];
export type PropertyGroup = components["schemas"]["GroupShape"];
export type ObjectSchema = components["schemas"]["SchemaShape"];

const at = (objectType: string) => ({ params: { path: { objectType } } });

/** All properties of an object type, by name. */
export const propertiesQuery = (objectType: string) =>
  queryOptions({
    queryKey: ["properties", objectType],
    queryFn: async () => (await call(api.GET("/crm/v3/properties/{objectType}", at(objectType)))).results,
    staleTime: 60_000,
  });

/** The groups that an object type's properties are sorted into. */
export const propertyGroupsQuery = (objectType: string) =>
  queryOptions({
    queryKey: ["properties", objectType, "groups"],
    queryFn: async () => (await call(api.GET("/crm/v3/properties/{objectType}/groups", at(objectType)))).results,
    staleTime: 60_000,
  });

/** The object type itself: its labels, its display property, its searchable properties. */
export const objectSchemaQuery = (objectType: string) =>
  queryOptions({
    queryKey: ["schemas", objectType],
    queryFn: () => call(api.GET("/crm/v3/schemas/{objectType}", at(objectType))),
    staleTime: 60_000,
  });
