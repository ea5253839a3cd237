import { expect, test } from "vitest";
import type { PropertyDefinition } from "@/api/properties";
import type { ImportPreview, PreviewColumn } from "../queries/imports";
import { doubles, hasDates, mappedCount, suggestedMapping, uniqueChoices } from "./mapping";

const column = (header: string, suggestion: string | null): PreviewColumn => ({
  index: 0,
  header,
  suggestion,
  suggestedBy: null,
  newProperty: { name: "x", label: header, type: "string", fieldType: "text" },
  filled: 1,
  samples: [],
  unknownOptions: [],
  problems: [],
  problemCount: 0,
});
const preview = (...columns: PreviewColumn[]) => ({ columns }) as ImportPreview;
const property = (name: string, type: string, hasUniqueValue = false) => ({ name, type, hasUniqueValue }) as PropertyDefinition;

test("a property is suggested for one column only", () => {
  expect(suggestedMapping(preview(column("E-mail", "email"), column("Mail", "email"), column("Shoes", null)))).toEqual({ "E-mail": "email", Mail: null, Shoes: null });
});

test("two columns into one property are both named, and columns left out are not", () => {
  expect([...doubles({ a: "email", b: "email", c: null, d: null, e: "phone" })]).toEqual(["a", "b"]);
  expect(mappedCount({ a: "email", c: null })).toBe(1);
});

test("rows find records by unique properties that a column goes into", () => {
  const properties = [property("email", "string", true), property("code", "string", true), property("born", "date")];
  expect(uniqueChoices({ a: "email", b: "born" }, properties).map((one) => one.name)).toEqual(["email"]);
  expect(hasDates({ a: "email" }, properties)).toBe(false);
  expect(hasDates({ b: "born" }, properties)).toBe(true);
});
