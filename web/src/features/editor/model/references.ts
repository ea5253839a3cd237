/** References from one step to the outputs of another, wherever they stand in an action's JSON. */
import type { Json } from "@/api/json";

/** `action_outputs.action_output_7.` inside tokens, prompts and filters. */
const TOKEN = /(action_outputs\.action_output_)([^.\s|}"']+)/g;

/**
 * A copy of `value` in which every reference to an action's outputs is put through `rename`; texts and numbers that
 * are no references stay as they are. `FIELD_DATA` values name the action beside the output, all others in a token.
 */
export function renameReferences<T>(value: T, rename: (actionId: string) => string): T {
  return walk(value as Json, rename) as T;
}

function walk(value: Json, rename: (actionId: string) => string): Json {
  if (typeof value === "string") return value.replace(TOKEN, (_, before: string, id: string) => before + rename(id));
  if (Array.isArray(value)) return value.map((item) => walk(item, rename));
  if (typeof value !== "object" || value === null) return value;
  const isFieldData = value.type === "FIELD_DATA";
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isFieldData && key === "actionId" && typeof item === "string" ? rename(item) : walk(item, rename)]),
  );
}

/** The ids of all actions whose outputs `value` refers to. */
export function referencesIn(value: unknown): Set<string> {
  const found = new Set<string>();
  renameReferences(value, (id) => {
    found.add(id);
    return id;
  });
  return found;
}

const known = new WeakMap<object, readonly string[]>();

/** The same as a list, worked out once for each action that does not change. */
export function referencesOf(action: object): readonly string[] {
  let found = known.get(action);
  if (!found) known.set(action, (found = [...referencesIn(action)]));
  return found;
}
