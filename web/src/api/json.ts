/** Any JSON value; documents are kept word for word, so they stay what they were read as. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; an empty list for whatever is none. */
export function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

/** A JSON object as the generated client takes it, whose types have no word for "any JSON". */
export function asBody(value: JsonObject): Record<string, never> {
  return value as Record<string, never>;
}
