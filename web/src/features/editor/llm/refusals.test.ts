import { expect, test } from "vitest";
import type { JsonObject } from "@/api/json";
import { bareDomain, nameFrom, outputKind, readFields, withKind } from "./fields";
import { effortRefusal, highestTemperature, isRetired, type Model, priceOf, shownEfforts, temperatureRefusal } from "./refusals";

const PLAIN: Model = {
  id: "m", label: "M", contextTokens: null, maxOutputTokens: null, temperature: { low: 0, high: 2 }, temperatureNote: "", temperatureNeedsReasoningOff: false, efforts: [], effortNote: "",
  reasonsByDefault: false, structured: true, structuredNote: "", search: true, searchNote: "", structuredSearch: true, retiresAt: null, inputUsdPerMtok: 2, outputUsdPerMtok: 8, known: true,
};

test("a model that refuses a temperature says so in its provider's words", () => {
  expect(temperatureRefusal({ ...PLAIN, temperature: null, temperatureNote: "It always reasons." }, null)).toEqual({ words: "refusal.temperature", note: "It always reasons." });
  expect(temperatureRefusal(PLAIN, null)).toBeUndefined();
});

test("a temperature is refused only while such a model reasons", () => {
  const model: Model = { ...PLAIN, temperatureNeedsReasoningOff: true, efforts: ["none", "low"], reasonsByDefault: true };
  expect(temperatureRefusal(model, "none")).toBeUndefined();
  expect(temperatureRefusal(model, null)?.words).toBe("refusal.temperatureWhileReasoning");
  expect(temperatureRefusal({ ...model, reasonsByDefault: false }, null)).toBeUndefined();
});

test("the scale of temperatures ends where the model's does", () => {
  expect(highestTemperature({ ...PLAIN, temperature: { low: 0, high: 1 } })).toBe(1);
});

test("no reasoning is offered only where it exists, and other efforts are greyed where they do not", () => {
  expect(shownEfforts({ ...PLAIN, efforts: ["medium", "high"] })).toEqual([
    { effort: "low", offered: false },
    { effort: "medium", offered: true },
    { effort: "high", offered: true },
  ]);
  expect(shownEfforts(undefined).map(({ effort }) => effort)).toEqual(["low", "medium", "high", "none"]);
  expect(effortRefusal(PLAIN)?.words).toBe("refusal.effort");
});

test("a model is retired from its day on, and the price is that of a million tokens", () => {
  expect(isRetired({ ...PLAIN, retiresAt: "2026-09-01" }, Date.parse("2026-11-24"))).toBe(true);
  expect(isRetired({ ...PLAIN, retiresAt: "2027-02-01" }, Date.parse("2026-11-24"))).toBe(false);
  expect(priceOf(PLAIN, 1_000, 100)).toBeCloseTo(0.0028);
  expect(priceOf({ ...PLAIN, inputUsdPerMtok: null }, 1, 1)).toBeUndefined();
});

test("inputs are read as HubSpot's editor sends them: numbers as texts, efforts in capitals, empty for unset", () => {
  expect(readFields({ connection_id: 3, temperature: "0", reasoning_effort: "High", max_output_tokens: "", timeout_seconds: null, deadline_seconds: "3600", when_cap_reached: "fail" })).toMatchObject({
    connectionId: "3",
    temperature: 0,
    effort: "high",
    maxOutputTokens: null,
    timeoutSeconds: null,
    deadlineSeconds: 3600,
    whenCapReached: "fail",
  });
});

test("a single choice is a list, and going from kind to kind loses nothing", () => {
  const fields: JsonObject[] = [{ name: "product", type: "choice", options_from_property: "ai_product" }, { name: "summary", type: "text" }];
  const output = { type: "fields", fields };
  expect(outputKind(output)).toBe("fields");
  const text = withKind(output, "text", "Answer");
  expect(outputKind(text)).toBe("text");
  expect(withKind(text, "fields", "Answer")).toEqual(output);
  expect(withKind(undefined, "list", "Answer")).toEqual({ type: "fields", fields: [{ name: "answer", label: "Answer", type: "choice", required: true, options: [] }] });
});

test("names of fields are made from their labels, and are never one that an answer has already", () => {
  expect(nameFrom("Næste skridt, Åse!", [])).toBe("naeste_skridt_aase");
  expect(nameFrom("Text", [])).toBe("text_2");
  expect(nameFrom("2nd", ["_2nd"])).toBe("_2nd_2");
  expect(nameFrom("  ", [])).toBe("field");
});

test("a pasted address becomes its domain", () => {
  expect(["https://Docs.Example.com/a?b#c", " example.com ", "sec.gov/edgar"].map(bareDomain)).toEqual(["docs.example.com", "example.com", "sec.gov"]);
});
