import { expect, test } from "vitest";
import type { Json } from "@/api/json";
import type { Lookup } from "@/features/editor/describe/describe-step";
import { readable, type Words } from "./readable";

/** Words that show their key and what they are filled with. */
const t = ((key: string, values: Record<string, string> = {}) => {
  const filled = Object.values(values).filter((value) => typeof value === "string");
  return filled.length > 0 ? `${key.replace(/^.*:/, "")}[${filled.join("|")}]` : key.replace(/^.*:/, "");
}) as unknown as Lookup["t"];
const lookup: Lookup = {
  t,
  all: (items) => items.join(" and "),
  either: (items) => items.join(" or "),
  property: (name) => `the ${name}`,
  option: (_property, value) => value,
  output: (actionId, name) => `${name} of ${actionId}`,
  filter: (filter) => (filter ? "Stage is won" : ""),
};
const words: Words = { lookup, connection: (id) => `connection ${id}` };

test("what is chosen by id is called by its name", () => {
  expect(readable("connection_id", "7", words)).toBe("connection 7");
  expect(readable("property_name", "amount", words)).toBe("the amount");
});

test("a value says where it comes from", () => {
  expect(readable("value", { type: "FIELD_DATA", actionId: "1", dataKey: "text" }, words)).toBe("text of 1");
});

test("where a value comes from is said in the words of its form", () => {
  expect(readable("value.type", "STATIC_VALUE", words)).toBe("value.mode.STATIC_VALUE");
  expect(readable("value.propertyName", "amount", words)).toBe("the amount");
});

test("paths are a line each, by name and conditions", () => {
  const branches: Json = [{ branchName: "Won", filterBranch: { filterBranchType: "OR" } }, { branchName: "Other" }];
  expect(readable("listBranches", branches, words)).toBe("Won: Stage is won\nOther");
});

test("an answer is a line a field", () => {
  const field = { name: "urgency", label: "Urgency", type: "choice", description: "How urgent", required: true, options: [{ value: "high", label: "High" }, { value: "low", label: "Low" }] };
  const line = readable("output", { type: "fields", fields: [field] }, words);
  expect(line).toContain("Urgency");
  expect(line).toContain("High, Low");
  expect(line).toContain("How urgent");
  expect(line.split("\n")).toHaveLength(1);
});

test("what happens when a call fails is said in the words of its form", () => {
  expect(readable("fallbacks", [{ connection_id: 7, model: "gpt-5-mini" }], words)).toBe("failing.fallback[gpt-5-mini|connection 7]");
  expect(readable("fallback_on", ["overloaded", "timeout", "refused", "from_tomorrow"], words)).toBe("failing.cause.down and failing.cause.refused and from_tomorrow");
  expect(readable("error_path", true, words)).toBe("failing.path");
});

test("whatever nobody knows is written as names and values", () => {
  expect(readable("x", { a: "1", b: { c: true, empty: "" }, d: ["p", "q"] }, words)).toBe("a: 1\nb: c: yes\nd: p, q");
});
