import { describe, expect, it } from "vitest";
import { type Check, checkOf, draftOf, isWhole, newDraft } from "./checks";

describe("checks", () => {
  it("come out of the form as they went in, with the type of what is equalled", () => {
    const checks: Check[] = [
      { field: "score", kind: "equals", value: 3 },
      { field: "tags", kind: "equals", value: ["a", "b"] },
      { field: "product", kind: "one_of", values: ["Loan", "Card"] },
      { field: "summary", kind: "contains", value: "twice" },
      { field: "summary", kind: "matches", pattern: "^A" },
      { field: "score", kind: "within", low: 1, high: null },
      { field: "summary", kind: "judge", criterion: "Is polite." },
    ];
    expect(checks.map((check) => checkOf(draftOf(check)))).toEqual(checks);
  });

  it("take a rewritten text as a text", () => {
    expect(checkOf({ ...draftOf({ field: "score", kind: "equals", value: 3 }), text: "4" })).toEqual({ field: "score", kind: "equals", value: "4" });
  });

  it("are whole when they say what is expected", () => {
    expect(isWhole(newDraft("product"))).toBe(false);
    expect(isWhole({ ...newDraft("product"), text: "Loan" })).toBe(true);
    expect(isWhole({ ...newDraft("score"), kind: "within" })).toBe(false);
    expect(isWhole(draftOf({ field: "product", kind: "equals", value: "" }))).toBe(true);
  });
});
