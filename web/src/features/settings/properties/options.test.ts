import { expect, test } from "vitest";
import { nameFromLabel } from "./kinds";
import { draftOptions, moved, newOption, pasted, sentOptions, withLabel } from "./options";

test("an internal name follows the label, in letters that the server takes", () => {
  expect(nameFromLabel("Date received")).toBe("date_received");
  expect(nameFromLabel("Største ønske (å)")).toBe("stoerste_oenske_aa");
  expect(nameFromLabel("2nd phone")).toBe("p_2nd_phone");
  expect(nameFromLabel("!")).toBe("");
});

test("the value of a new option follows its label until it is typed; a stored one stays", () => {
  expect(withLabel(newOption(), "Very urgent").value).toBe("very_urgent");
  expect(withLabel({ ...newOption("A"), typed: true, value: "x" }, "B").value).toBe("x");
  const stored = { ...newOption("High"), stored: true, typed: true, value: "HIGH" };
  expect(withLabel(stored, "Highest").value).toBe("HIGH");
});

test("options are sent in the order of the list, and empty lines are not", () => {
  const options = moved([newOption("Low"), newOption("High"), newOption("")], 1, 0);
  expect(sentOptions(options).map(({ label, displayOrder }) => [label, displayOrder])).toEqual([["High", 0], ["Low", 1]]);
});

test("lines that are pasted become options", () => {
  expect(pasted([newOption(), newOption("Last")], 0, "Low\nMedium\n\nHigh").map((option) => option.label)).toEqual(["Low", "Medium", "High", "Last"]);
});

test("a move beyond the ends changes nothing, and a property without options begins with none", () => {
  const options = [newOption("Low"), newOption("High")];
  expect(moved(options, 0, -1)).toEqual(options);
  expect(draftOptions(undefined)).toEqual([]);
});
