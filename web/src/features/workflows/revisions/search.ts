/** What is compared: `to` is a revision or `draft`, `from` a revision; left out, the one before. */
export interface RevisionsSearch {
  to?: string;
  from?: string;
}

export function readRevisionsSearch(raw: Record<string, unknown>): RevisionsSearch {
  const to = place(raw.to);
  const from = place(raw.from);
  return { ...(to ? { to } : {}), ...(from ? { from } : {}) };
}

function place(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^(draft|\d{1,18})$/.test(text) ? text : undefined;
}
