import type { PropertyDefinition } from "@/api/properties";

/** How a property's values are shown and edited. */
export type ValueKind = "text" | "longText" | "number" | "date" | "moment" | "option" | "options" | "truth" | "owner" | "link" | "email";

const OWNER_PROPERTIES: readonly string[] = ["hubspot_owner_id", "created_by"];
const LONG: readonly string[] = ["textarea", "html"];
const EMAIL = "email";
const DOMAINS: readonly string[] = ["website", "domain", "hs_linkedin_url", "linkedin_company_page"];

export function kindOf(property: PropertyDefinition): ValueKind {
  if (OWNER_PROPERTIES.includes(property.name)) return "owner";
  switch (property.type) {
    case "number":
      return "number";
    case "date":
      return "date";
    case "datetime":
      return "moment";
    case "bool":
      return "truth";
    case "enumeration":
      // Without options of its own, a property takes any value: its options are somewhere else.
      if (property.options.length === 0) return "text";
      return property.fieldType === "checkbox" ? "options" : "option";
    default:
      if (property.name === EMAIL) return "email";
      if (DOMAINS.includes(property.name)) return "link";
      return LONG.includes(property.fieldType) ? "longText" : "text";
  }
}

export function canEdit(property: PropertyDefinition): boolean {
  return !property.modificationMetadata.readOnlyValue && !property.calculated;
}

/** The chosen options of a value of several checkboxes: `a;b`. */
export function chosenOptions(value: string | null | undefined): string[] {
  return value ? value.split(";").filter(Boolean) : [];
}

export function optionLabel(property: PropertyDefinition, value: string): string {
  return property.options.find((option) => option.value === value)?.label ?? value;
}

const UNITLESS: readonly string[] = ["hs_object_id", "zip"];

/** Whether digits of a number are grouped: an amount is, an id or a year is not. */
export function isGrouped(property: PropertyDefinition): boolean {
  return !UNITLESS.includes(property.name);
}
