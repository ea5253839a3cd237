import type { PropertyDefinition } from "@/api/properties";
import type { ImportPreview, Mapping } from "../queries/imports";

/** Where the columns go at first: as the server suggests, each property once. */
export function suggestedMapping(preview: ImportPreview): Mapping {
  const taken = new Set<string>();
  return Object.fromEntries(
    preview.columns.map((column) => {
      const property = column.suggestion !== null && !taken.has(column.suggestion) ? column.suggestion : null;
      if (property !== null) taken.add(property);
      return [column.header, property];
    }),
  );
}

/** Headers whose property another column goes into, too. */
export function doubles(mapping: Mapping): ReadonlySet<string> {
  const by = new Map<string, string[]>();
  for (const [header, property] of Object.entries(mapping)) if (property !== null) by.set(property, [...(by.get(property) ?? []), header]);
  return new Set([...by.values()].filter((headers) => headers.length > 1).flat());
}

export function mappedCount(mapping: Mapping): number {
  return Object.values(mapping).filter((property) => property !== null).length;
}

/** The unique properties that a column goes into: rows can find their record by one of them. */
export function uniqueChoices(mapping: Mapping, properties: readonly PropertyDefinition[]): PropertyDefinition[] {
  const mapped = new Set(Object.values(mapping));
  return properties.filter((property) => property.hasUniqueValue && mapped.has(property.name));
}

/** Whether a date among the mapped properties makes the order of day and month matter. */
export function hasDates(mapping: Mapping, properties: readonly PropertyDefinition[]): boolean {
  const mapped = new Set(Object.values(mapping));
  return properties.some((property) => mapped.has(property.name) && (property.type === "date" || property.type === "datetime"));
}
