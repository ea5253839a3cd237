import type { ObjectTypeName } from "@/api/object-types";
import type { PropertyDefinition, PropertyGroup } from "@/api/properties";
import { defaultColumns } from "../table/default-columns";

export interface Section {
  name: string;
  label: string;
  properties: PropertyDefinition[];
}

interface Wanted {
  type: ObjectTypeName;
  properties: readonly PropertyDefinition[];
  groups: readonly PropertyGroup[];
  /** Words that the label or the internal name has to hold. */
  sought: string;
  /** Heading of the first section, which holds what matters most. */
  about: string;
  /** Heading for properties without a group. */
  other: string;
  isShown: (property: PropertyDefinition) => boolean;
}

/** The properties of a record as sections: what matters most first, then by group; empty sections are left out. */
export function sectionsOf({ type, properties, groups, sought, about, other, isShown }: Wanted): Section[] {
  const words = sought.trim().toLowerCase();
  const matches = (property: PropertyDefinition) => words === "" || property.label.toLowerCase().includes(words) || property.name.includes(words);
  const visible = properties.filter((property) => !property.hidden && matches(property) && (words !== "" || isShown(property)));
  const first = [...type.nameProperties, ...defaultColumns(type, properties).map((column) => column.id)];
  const known = new Map(visible.map((property) => [property.name, property]));
  const key = [...new Set(first)].flatMap((name) => known.get(name) ?? []);
  const rest = visible.filter((property) => !first.includes(property.name));
  const grouped = groups.map((group) => ({ name: group.name, label: group.label, properties: rest.filter((property) => property.groupName === group.name) }));
  const homeless = rest.filter((property) => !groups.some((group) => group.name === property.groupName));
  return [{ name: "_about", label: about, properties: key }, ...grouped.map(sorted), sorted({ name: "_other", label: other, properties: homeless })].filter(
    (section) => section.properties.length > 0,
  );
}

function sorted(section: Section): Section {
  const order = (property: PropertyDefinition) => (property.displayOrder < 0 ? Number.MAX_SAFE_INTEGER : property.displayOrder);
  return { ...section, properties: section.properties.toSorted((one, two) => order(one) - order(two) || one.label.localeCompare(two.label)) };
}
