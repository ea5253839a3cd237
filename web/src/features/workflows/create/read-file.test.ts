import { expect, test } from "vitest";
import { readFlow } from "./read-file";

test("a flow's name, object type and steps are read from its JSON", () => {
  const text = JSON.stringify({ name: " Triage ", objectTypeId: "0-5", actions: [{ actionId: "1" }, { actionId: "2" }], odd: { kept: true } });
  expect(readFlow(text)).toMatchObject({ name: "Triage", objectTypeId: "0-5", steps: 2, document: { odd: { kept: true } } });
});

test("a byte order mark before the JSON does no harm", () => {
  expect(readFlow('\uFEFF{"actions":[]}')).toMatchObject({ steps: 0 });
});

test("what is no flow is refused with the reason", () => {
  expect(readFlow("not json")).toBe("noJson");
  expect(readFlow("[]")).toBe("noFlow");
  expect(readFlow('{"results":[]}')).toBe("noFlow");
  expect(readFlow(" ".repeat(2_000_001))).toBe("tooLarge");
});
