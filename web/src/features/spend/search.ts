/** What the address of the page holds: the days, the grouping, and the workflow that is looked at alone. */
export interface SpendSearch {
  /** Days of the workspace such as 2026-11-24, both counted in; without them the last 30. */
  from?: string | undefined;
  to?: string | undefined;
  by?: Grouping | undefined;
  flow?: string | undefined;
  /** The dialog of caps: `new`, `new-flow-3` for whose a new one is to be, or the id of the one that is changed. */
  cap?: string | undefined;
}

export const GROUPINGS = ["flow", "model", "connection"] as const;
export type Grouping = (typeof GROUPINGS)[number];

const CAP = /^(new(-(flow|run|connection)-[1-9]\d*)?|[1-9]\d*)$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readSpendSearch(raw: Record<string, unknown>): SpendSearch {
  const by = GROUPINGS.find((one) => one === raw.by);
  const flow = typeof raw.flow === "string" || typeof raw.flow === "number" ? String(raw.flow) : "";
  return {
    ...(isDay(raw.from) ? { from: raw.from } : {}),
    ...(isDay(raw.to) ? { to: raw.to } : {}),
    ...(by ? { by } : {}),
    ...(/^[1-9]\d*$/.test(flow) ? { flow } : {}),
    ...(CAP.test(String(raw.cap ?? "")) ? { cap: String(raw.cap) } : {}),
  };
}

function isDay(value: unknown): value is string {
  return typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value));
}
