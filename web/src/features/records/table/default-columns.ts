import type { PropertyDefinition } from "@/api/properties";
import type { ObjectTypeName, StandardType } from "@/api/object-types";
import { isStandard } from "@/api/object-types";
import type { ColumnLayout } from "@/ui/data-table/column-layout";

const STANDARD: Record<StandardType, readonly string[]> = {
  contacts: ["email", "phone", "company", "lifecyclestage", "hs_lead_status", "hubspot_owner_id", "createdate"],
  companies: ["domain", "industry", "city", "country", "phone", "hubspot_owner_id", "createdate"],
  deals: ["dealstage", "amount", "closedate", "pipeline", "hubspot_owner_id", "createdate"],
  tickets: ["hs_pipeline_stage", "hs_ticket_priority", "hs_ticket_category", "source_type", "hubspot_owner_id", "createdate"],
};
const CUSTOM_COUNT = 6;

/** The columns beside the name that a table begins with. */
export function defaultColumns(type: ObjectTypeName, properties: readonly PropertyDefinition[]): ColumnLayout {
  const known = new Set(properties.map((property) => property.name));
  if (isStandard(type.name)) return STANDARD[type.name].filter((name) => known.has(name)).map((id) => ({ id }));
  const own = properties.filter((property) => !property.hubspotDefined && !property.hidden && !type.nameProperties.includes(property.name));
  return [...own.slice(0, CUSTOM_COUNT).map(({ name }) => ({ id: name })), ...(known.has("createdate") ? [{ id: "createdate" }] : [])];
}
