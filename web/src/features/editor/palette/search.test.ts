import { expect, test } from "vitest";
import { bySection, type Entry, matching, recentlyUsed, remember } from "./search";

const entry = (name: string, section: string, title: string, synonyms = "", description = ""): Entry => ({
  type: { actionTypeId: null, nodeType: null, name, title, section, description, effect: "LOCAL", fields: null },
  title,
  description,
  synonyms,
});
const LLM = entry("use_custom_llm", "AI", "Use a custom LLM", "GPT AI Claude", "Send a prompt and wait for the answer");
const DELAY = entry("delay_set_time", "Delay", "Delay for a set time", "wait pause");
const EDIT = entry("edit_record", "CRM", "Edit record", "set property");
const ALL = [DELAY, EDIT, LLM];

test("an action is found by what people call it", () => {
  expect(matching(ALL, "gpt")).toEqual([LLM]);
  expect(matching(ALL, "set prop")).toEqual([EDIT]);
});

test("a title that begins with what is typed comes first, a mere description last", () => {
  expect(matching([LLM, DELAY], "wait")).toEqual([DELAY, LLM]);
  expect(matching([DELAY, entry("x", "AI", "A delay")], "del")[0]).toBe(DELAY);
});

test("sections stand in the palette's order, unknown ones at the end", () => {
  expect(bySection([entry("x", "Custom", "X"), ...ALL]).map(({ section }) => section)).toEqual(["AI", "CRM", "Delay", "Custom"]);
});

test("the last three actions added are remembered, newest first", () => {
  for (const { type } of [LLM, DELAY, EDIT, LLM]) remember(type);
  expect(recentlyUsed(ALL)).toEqual([LLM, EDIT, DELAY]);
});
