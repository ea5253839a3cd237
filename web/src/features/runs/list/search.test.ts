import { expect, test } from "vitest";
import { isNarrowed, readRunsSearch } from "./search";

test("an address keeps what it can hold and forgets the rest", () => {
  expect(readRunsSearch({ view: "log", status: ["FAILED", "NONSENSE", "PAUSED"], step: "SKIPPED", action: 3, code: "TIMEOUT", from: "2026-11-01", to: "soon" })).toEqual({
    view: "log",
    status: ["PAUSED", "FAILED"],
    step: "SKIPPED",
    action: "3",
    code: "TIMEOUT",
    from: "2026-11-01",
  });
});

test("one status may stand alone, and an empty address narrows nothing", () => {
  expect(readRunsSearch({ status: "FAILED" })).toEqual({ status: ["FAILED"] });
  expect(readRunsSearch({ view: "other", from: "2026-99-99" })).toEqual({});
  expect(isNarrowed({ view: "log" })).toBe(false);
  expect(isNarrowed({ code: "TIMEOUT" })).toBe(true);
});
