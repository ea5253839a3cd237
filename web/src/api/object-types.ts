import { queryOptions, useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, call } from "./client";

/** HubSpot's standard object types, by the name that stands in addresses. */
export const STANDARD_TYPES = { contacts: "0-1", companies: "0-2", deals: "0-3", tickets: "0-5" } as const;
export type StandardType = keyof typeof STANDARD_TYPES;

export interface ObjectTypeName {
  /** As in addresses and in API paths: `contacts`, or a custom type's name. */
  name: string;
  id: string;
  singular: string;
  plural: string;
  custom: boolean;
  /** The properties that a record's name is made of; the first that has a value may do alone. */
  nameProperties: readonly string[];
}

/** Contacts are called by their first and last name, else by their address; the others by one property. */
const NAME_PROPERTIES: Record<StandardType, readonly string[]> = {
  contacts: ["firstname", "lastname", "email"],
  companies: ["name", "domain"],
  deals: ["dealname"],
  tickets: ["subject"],
};

/** What a record is called, from its values; undefined while it has none of the properties that name it. */
export function recordName(type: Pick<ObjectTypeName, "name" | "nameProperties">, values: Record<string, string | null | undefined>): string | undefined {
  if (type.name === "contacts") {
    const full = `${values["firstname"] ?? ""} ${values["lastname"] ?? ""}`.trim();
    if (full !== "") return full;
  }
  for (const property of type.nameProperties) {
    const value = values[property];
    if (value) return value;
  }
  return undefined;
}

/** The object types that the workspace made for itself. */
export const customTypesQuery = queryOptions({
  queryKey: ["schemas"],
  queryFn: async () => (await call(api.GET("/crm/v3/schemas"))).results,
  staleTime: 60_000,
});

export function isStandard(name: string): name is StandardType {
  return name in STANDARD_TYPES;
}

function standardTypes(t: TFunction): ObjectTypeName[] {
  return (Object.keys(STANDARD_TYPES) as StandardType[]).map((name) => ({
    name,
    id: STANDARD_TYPES[name],
    singular: t(`records:type.${name}.singular`),
    plural: t(`records:type.${name}.plural`),
    custom: false,
    nameProperties: NAME_PROPERTIES[name],
  }));
}

/** Every object type in the language of the screens, the standard ones first; custom ones as they are labelled. */
export function useObjectTypes(): ObjectTypeName[] {
  const { t, i18n } = useTranslation("records");
  const { data: custom } = useQuery(customTypesQuery);
  const language = i18n.language;
  return useMemo(
    () => [
      ...standardTypes(t),
      ...(custom ?? []).map((type) => ({ name: type.name, id: type.objectTypeId, singular: type.labels.singular, plural: type.labels.plural, custom: true, nameProperties: [type.primaryDisplayProperty] })),
    ],
    // The words follow the language, which `t` alone does not show.
    [t, custom, language],
  );
}

/** The words for one object type, by name or id; while custom types load, its name stands for it. */
export function useObjectType(name: string): ObjectTypeName {
  const types = useObjectTypes();
  return types.find((type) => type.name === name || type.id === name) ?? { name, id: name, singular: name, plural: name, custom: true, nameProperties: [] };
}
