import type { PropertyDefinition, PropertyGroup } from "@/api/properties";

export type FieldType = "string" | "number" | "date" | "datetime" | "enumeration" | "bool" | "phone_number";

export interface FieldOption {
  value: string;
  label: string;
}

/** What a filter can look at: a property of the record, or an output of an earlier action. */
export interface FilterField {
  /** As the filter names it: a property's internal name, or `action_outputs.action_output_1.urgency`. */
  name: string;
  label: string;
  /** The heading it stands under in the select. */
  group: string;
  type: FieldType;
  /** Holds several options at a time. */
  multiple: boolean;
  options: readonly FieldOption[];
}

const TYPES: readonly string[] = ["string", "number", "date", "datetime", "enumeration", "bool", "phone_number"];

export function isFieldType(type: string): type is FieldType {
  return TYPES.includes(type);
}

function asField(property: PropertyDefinition, group: string): FilterField {
  return {
    name: property.name,
    label: property.label,
    group,
    type: isFieldType(property.type) ? property.type : "string",
    multiple: property.type === "enumeration" && property.fieldType === "checkbox",
    options: property.options.filter((option) => !option.hidden).map(({ value, label }) => ({ value, label })),
  };
}

/** HubSpot: groups with an order of -1 come after those that have one. */
const orderOf = (group: PropertyGroup): number => (group.displayOrder < 0 ? Number.POSITIVE_INFINITY : group.displayOrder);

const compare = (left: number, right: number): number => (left === right ? 0 : left < right ? -1 : 1);

/** The visible properties as fields, by group in the groups' order and by label within. */
export function propertyFields(properties: readonly PropertyDefinition[], groups: readonly PropertyGroup[], otherGroup: string): FilterField[] {
  const inOrder = [...groups].sort((left, right) => compare(orderOf(left), orderOf(right)) || left.label.localeCompare(right.label));
  const place = new Map(inOrder.map((group, index) => [group.name, { label: group.label, index }]));
  return properties
    .filter((property) => !property.hidden && !property.archived)
    .map((property) => ({ property, group: place.get(property.groupName) }))
    .sort(
      (left, right) =>
        (left.group?.index ?? groups.length) - (right.group?.index ?? groups.length) ||
        left.property.label.localeCompare(right.property.label),
    )
    .map(({ property, group }) => asField(property, group?.label ?? otherGroup));
}

/** Fields as the groups of a select. */
export function groupedOptions(fields: readonly FilterField[]): { group: string; items: { value: string; label: string }[] }[] {
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const field of fields) {
    const items = groups.get(field.group) ?? [];
    items.push({ value: field.name, label: field.label });
    groups.set(field.group, items);
  }
  return [...groups].map(([group, items]) => ({ group, items }));
}
