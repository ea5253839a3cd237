import type { Json } from "@/api/json";
import type { SampleRow } from "../queries";

export interface Answer {
  actionId: string;
  field: string;
  value: string;
}

/** What the AI steps of a row answered: declared fields, or the whole text where there are none. */
export function answersOf(row: SampleRow, said: (actionId: string, field: string, value: string) => string = (_action, _field, value) => value): Answer[] {
  return (row.result?.steps ?? []).flatMap((step) => {
    if (!step.provider) return [];
    const outputs = step.outputs as Record<string, Json>;
    const declared = Object.keys(outputs).filter((name) => name !== "text" && !name.startsWith("hs_"));
    return (declared.length > 0 ? declared : Object.keys(outputs).filter((name) => name === "text")).map((field) => ({ actionId: step.actionId, field, value: inWords(outputs[field], (value) => said(step.actionId, field, value)) }));
  });
}

export interface Change {
  property: string;
  before: string;
  after: string;
}

export function changesOf(row: SampleRow): Change[] {
  const { before = {}, after = {} } = row.result ?? {};
  return Object.keys(after).map((property) => ({ property, before: before[property] ?? "", after: after[property] ?? "" }));
}

/** A value as people read it. */
export function inWords(value: Json | undefined, said: (value: string) => string = String): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((one) => inWords(one, said)).join("; ");
  return typeof value === "object" ? JSON.stringify(value) : said(String(value));
}
