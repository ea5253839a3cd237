import type { components } from "@/api/schema";
import type { PropertyDefinition } from "@/api/properties";

export type PropertyWish = components["schemas"]["PropertyWish"];
type PropertyType = PropertyWish["type"];

/** A kind of property as people choose it: HubSpot's type and field type together. */
export interface PropertyKind {
  id: string;
  type: PropertyType;
  fieldType: string;
  hasOptions: boolean;
  mayBeUnique: boolean;
}

export const KINDS: readonly PropertyKind[] = [
  { id: "text", type: "string", fieldType: "text", hasOptions: false, mayBeUnique: true },
  { id: "longText", type: "string", fieldType: "textarea", hasOptions: false, mayBeUnique: false },
  { id: "select", type: "enumeration", fieldType: "select", hasOptions: true, mayBeUnique: false },
  { id: "checkboxes", type: "enumeration", fieldType: "checkbox", hasOptions: true, mayBeUnique: false },
  { id: "number", type: "number", fieldType: "number", hasOptions: false, mayBeUnique: true },
  { id: "date", type: "date", fieldType: "date", hasOptions: false, mayBeUnique: false },
  { id: "moment", type: "datetime", fieldType: "date", hasOptions: false, mayBeUnique: false },
  { id: "truth", type: "bool", fieldType: "booleancheckbox", hasOptions: false, mayBeUnique: false },
  { id: "phone", type: "phone_number", fieldType: "phonenumber", hasOptions: false, mayBeUnique: true },
];

/** The kind of a property; the nearest of its type for field types that are not offered. */
export function kindOfProperty(property: Pick<PropertyDefinition, "type" | "fieldType">): PropertyKind | undefined {
  return KINDS.find((kind) => kind.type === property.type && kind.fieldType === property.fieldType) ?? KINDS.find((kind) => kind.type === property.type);
}

const LONGEST_NAME = 100;

/** An internal name made from a label, as the server makes it: `Date received` becomes `date_received`. */
export function nameFromLabel(label: string): string {
  const name = label
    .toLowerCase()
    .replaceAll(/[æ]/g, "ae")
    .replaceAll(/[ø]/g, "oe")
    .replaceAll(/[å]/g, "aa")
    .normalize("NFD")
    .replaceAll(/\p{Diacritic}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  if (name === "") return "";
  return (/^[a-z]/.test(name) ? name : `p_${name}`).slice(0, LONGEST_NAME).replace(/_+$/, "");
}
