import type { Json } from "@/api/json";
import type { components } from "@/api/schema";

/* The generated client reads recursive JSON as `any`; these name it. */

/** A field with what it said and what it says; null where it was, or is, not there. */
export interface FieldChange {
  path: string;
  before: Json;
  after: Json;
}

export type StepChange = Omit<components["schemas"]["StepChangeShape"], "fields"> & { fields: FieldChange[] };

export interface Differences {
  steps: StepChange[];
  settings: FieldChange[];
}
