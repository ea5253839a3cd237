import { describe, expect, it } from "vitest";
import type { SampleRow } from "../queries";
import { answersOf, changesOf } from "./read-row";

const row = (steps: object[], more: object = {}) => ({ position: 1, recordId: "7", recordName: "Fire", path: "", result: { steps, before: {}, after: {}, ...more } }) as unknown as SampleRow;

describe("a row of a sample", () => {
  it("shows declared fields of AI steps and leaves out provenance and the whole answer", () => {
    const ask = { actionId: "1", provider: "openai", outputs: { urgency: "high", tags: ["a", "b"], text: "{}", hs_model: "m" } };
    const edit = { actionId: "2", provider: null, outputs: { x: "y" } };
    expect(answersOf(row([ask, edit])).map(({ field, value }) => `${field}=${value}`)).toEqual(["urgency=high", "tags=a; b"]);
  });

  it("shows the text of a step that declares nothing", () => {
    expect(answersOf(row([{ actionId: "1", provider: "openai", outputs: { text: "Hello", hs_model: "m" } }]))).toEqual([{ actionId: "1", field: "text", value: "Hello" }]);
  });

  it("puts each property's value after beside the one before", () => {
    expect(changesOf(row([], { before: { a: null }, after: { a: "x" } }))).toEqual([{ property: "a", before: "", after: "x" }]);
    expect(changesOf({ ...row([]), result: null })).toEqual([]);
  });
});
