import { expect, test } from "vitest";
import { branchNames, exitsToChoose, exitTaken } from "./exits";

const branch = { type: "LIST_BRANCH", actionId: "4", listBranches: [{ branchName: "Hot" }, { branchName: "Hot" }, { branchName: null }], defaultBranchName: "Others" };
const WORDS = { default: "None met", answered: "Answered", failed: "If the step fails" };
const ask = { type: "SINGLE_CONNECTION", actionId: "3", actionTypeId: "1-1000", fields: { error_path: {} } };
const edit = { type: "SINGLE_CONNECTION", actionId: "2" };

test("branches without a name of their own have that of their place", () => {
  expect(branchNames(branch)).toEqual(["Hot", "#2", "#3"]);
  expect(branchNames({ type: "STATIC_BRANCH", actionId: "5", staticBranches: [{ branchValue: "a" }] })).toEqual(["a"]);
  expect(branchNames(edit)).toEqual([]);
});

test("the default can be chosen, under its own name where it has one", () => {
  expect(exitsToChoose(branch, WORDS).at(-1)).toEqual({ value: "", label: "Others" });
  expect(exitsToChoose(edit, WORDS)).toEqual([]);
});

test("an LLM step with a path for failed records can be skipped by either way", () => {
  expect(exitsToChoose(ask, WORDS)).toEqual([
    { value: "", label: "Answered" },
    { value: "error", label: "If the step fails" },
  ]);
});

test("a stop's branch leads to the exit of the drawn tree", () => {
  expect(exitTaken(branch, "#2")).toBe("branch:1:4");
  expect(exitTaken(branch, null)).toBe("default:4");
  expect(exitTaken(branch, "gone")).toBe("default:4");
  expect(exitTaken(edit, null)).toBe("next:2");
  expect(exitTaken(ask, null)).toBe("next:3");
  expect(exitTaken(ask, "error")).toBe("error:3");
  expect(exitTaken({ ...ask, fields: {} }, "error")).toBe("next:3");
});
