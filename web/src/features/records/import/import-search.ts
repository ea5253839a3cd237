/** Which import the address shows; none for a new one. */
export interface ImportSearch {
  id?: string;
}

export function readImportSearch(raw: Record<string, unknown>): ImportSearch {
  const id = raw["id"];
  return typeof id === "string" || typeof id === "number" ? { id: String(id) } : {};
}
