/** What is looked at: a sample, or an eval set and one of its runs; nothing: the lists of both. */
export interface EvalsSearch {
  sample?: string;
  set?: string;
  run?: string;
}

export function readEvalsSearch(raw: Record<string, unknown>): EvalsSearch {
  const sample = id(raw.sample);
  const set = id(raw.set);
  const run = id(raw.run);
  if (sample) return { sample };
  return { ...(set ? { set } : {}), ...(set && run ? { run } : {}) };
}

function id(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^[1-9]\d{0,18}$/.test(text) ? text : undefined;
}
