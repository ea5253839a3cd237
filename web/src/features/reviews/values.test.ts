import { expect, test } from "vitest";
import type { ReviewField } from "./queries";
import { editsOf } from "./values";
import { readReviewsSearch } from "./search";

const field = (name: string, value: unknown) => ({ name, value }) as ReviewField;

test("only values that differ from the model's are edits", () => {
  const fields = [field("topic", "cards"), field("tags", ["a", "b"]), field("sum", 3)];
  expect(editsOf(fields, { topic: "cards", tags: ["a", "b"] })).toEqual({});
  expect(editsOf(fields, { topic: "loans", tags: ["a"], other: "x" })).toEqual({ topic: "loans", tags: ["a"] });
});

test("an address that was typed wrong shows the whole queue", () => {
  expect(readReviewsSearch({ review: "17", flow: 3, state: "DECIDED" })).toEqual({ review: "17", flow: "3", state: "DECIDED" });
  expect(readReviewsSearch({ review: "x", flow: -1, state: "OPEN" })).toEqual({});
});
