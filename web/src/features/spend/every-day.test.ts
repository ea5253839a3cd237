import { expect, test } from "vitest";
import { everyDay } from "./every-day";
import { readSpendSearch } from "./search";

const row = { day: "2026-03-29", calls: 3, failures: 1, inputTokens: 10, outputTokens: 5, costUsd: "0.2", unpricedCalls: 0, p50Ms: 1, p95Ms: 2, flowId: null, flowName: null, provider: null, model: null, connectionId: null, connectionName: null };

test("days without calls stand between those with some, also where clocks change", () => {
  const days = everyDay({ first: "2026-03-28", last: "2026-03-31", rows: [row] });
  expect(days.map(({ day, calls }) => [day, calls])).toEqual([
    ["2026-03-28", 0],
    ["2026-03-29", 3],
    ["2026-03-30", 0],
    ["2026-03-31", 0],
  ]);
});

test("an address that makes no sense is read as none", () => {
  expect(readSpendSearch({ from: "2026-13-01", to: "2026-03-01", by: "weather", flow: 7 })).toEqual({ to: "2026-03-01", flow: "7" });
});
