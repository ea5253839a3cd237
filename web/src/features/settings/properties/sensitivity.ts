import type { PropertyDefinition } from "@/api/properties";

/** HubSpot's kinds of `dataSensitivity`. */
export const SENSITIVITIES = ["non_sensitive", "sensitive", "highly_sensitive"] as const;

export type Sensitivity = (typeof SENSITIVITIES)[number];

/** How sensitive the values of a property are; a new one begins as not sensitive. */
export function sensitivityOf(property: PropertyDefinition | undefined): Sensitivity {
  return SENSITIVITIES.find((one) => one === property?.dataSensitivity) ?? "non_sensitive";
}
