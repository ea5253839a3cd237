import type { Spend, SpendRow } from "./queries";

export type SpendDay = Pick<SpendRow, "calls" | "failures" | "inputTokens" | "outputTokens" | "costUsd"> & { day: string };

const NOTHING = { calls: 0, failures: 0, inputTokens: 0, outputTokens: 0, costUsd: "0" };

/** Every day of the span in order; the answer holds only those with calls. */
export function everyDay({ first, last, rows }: Pick<Spend, "first" | "last" | "rows">): SpendDay[] {
  const found = new Map(rows.map((row) => [row.day, row]));
  const days: SpendDay[] = [];
  const end = Date.parse(last);
  for (let at = Date.parse(first); at <= end; at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    days.push({ ...NOTHING, ...found.get(day), day });
  }
  return days;
}
