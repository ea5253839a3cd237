import type { Matching, Values } from "../contract";

/** A filter as the client's types take it: the server checks the grammar itself. */
export function sentMatching({ filter, search }: Matching): { filter: Record<string, never> | null; search: string } {
  return { filter: filter as Record<string, never> | null, search };
}

/** Values as HubSpot's routes take them: "" clears. (The description calls them any JSON, which has no type here.) */
export function sentValues(values: Values): Record<string, never> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? ""])) as Record<string, never>;
}
