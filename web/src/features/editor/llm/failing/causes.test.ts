import { expect, test } from "vitest";
import { CAUSES, chosenClasses, USUAL, withCause } from "./causes";

const [{ causes: provider }, { causes: step }] = CAUSES;
const [down] = provider;
const [refused] = step;

test("a step that says nothing asks another model on the provider's trouble", () => {
  expect(chosenClasses(undefined)).toEqual(USUAL);
  expect(chosenClasses([])).toEqual([]);
});

test("a cause brings and takes all its classes, and leaves the others as they stand", () => {
  expect(withCause(["rate_limited", "from_tomorrow"], down!, true)).toEqual(["overloaded", "timeout", "connect", "malformed", "rate_limited", "from_tomorrow"]);
  expect(withCause(["overloaded", "refused", "rate_limited"], refused!, false)).toEqual(["overloaded", "rate_limited"]);
});
