import type { PropertyDefinition, PropertyGroup } from "@/api/properties";

export interface GroupOfProperties {
  name: string;
  label: string;
  properties: PropertyDefinition[];
}

/** The properties whose label or name holds the words, under their groups, by label; empty groups are left out. */
export function groupsOf(properties: readonly PropertyDefinition[], groups: readonly PropertyGroup[], sought: string, other: string): GroupOfProperties[] {
  const words = sought.trim().toLowerCase();
  const found = properties
    .filter((property) => words === "" || property.label.toLowerCase().includes(words) || property.name.includes(words))
    .toSorted((one, two) => one.label.localeCompare(two.label));
  const known = groups.map((group) => ({ name: group.name, label: group.label, properties: found.filter((property) => property.groupName === group.name) }));
  const homeless = found.filter((property) => !groups.some((group) => group.name === property.groupName));
  return [...known, { name: "", label: other, properties: homeless }].filter((group) => group.properties.length > 0);
}
