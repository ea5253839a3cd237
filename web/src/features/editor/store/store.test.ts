import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import { renameStep } from "../model/edits";
import type { FlowDocument } from "../model/types";
import { type Autosave, startAutosave, type Transport } from "./autosave";
import { lastSave, noteLastSave } from "./last-save";
import { isFault } from "./problems";
import { createEditorStore, type EditorStore } from "./store";

const DOCUMENT: FlowDocument = {
  name: "Flow",
  startActionId: "1",
  nextAvailableActionId: "3",
  actions: [
    { type: "SINGLE_CONNECTION", actionId: "1", actionTypeId: "1-1000", fields: { prompt: "a" }, connection: { edgeType: "STANDARD", nextActionId: "2" } },
    { type: "SINGLE_CONNECTION", actionId: "2", actionTypeId: "0-5", fields: {} },
  ],
};
const NOTHING_FOUND = { problems: [], outputs: {} };

let store: EditorStore;
let autosave: Autosave;
let save: ReturnType<typeof vi.fn<Transport["save"]>>;
let readTheirs: ReturnType<typeof vi.fn<Transport["readTheirs"]>>;

beforeEach(() => {
  vi.useFakeTimers();
  store = createEditorStore({ flowId: "7", document: DOCUMENT, version: 4, readOnly: false, ...NOTHING_FOUND });
  save = vi.fn<Transport["save"]>(async (_, version) => ({ version: version + 1, ...NOTHING_FOUND }));
  readTheirs = vi.fn<Transport["readTheirs"]>();
  autosave = startAutosave(store, { save, readTheirs });
});

afterEach(() => {
  void autosave.stop();
  vi.useRealTimers();
});

const type = (text: string) => store.getState().setFields("1", { prompt: text }, "prompt");
const prompt = () => store.getState().document.actions?.[0]?.fields?.prompt;
const rename = (name: string) => store.getState().edit((document) => renameStep(document, "2", name));

test("a burst of typing in one field is one step of undo, and a pause begins another", () => {
  for (const text of ["ab", "abc", "abcd"]) type(text);
  vi.advanceTimersByTime(1000);
  type("abcde");
  store.getState().undo();
  expect(prompt()).toBe("abcd");
  store.getState().undo();
  expect(prompt()).toBe("a");
  store.getState().redo();
  expect(prompt()).toBe("abcd");
});

test("typing in another field in between is not swallowed by the burst", () => {
  type("ab");
  store.getState().setFields("2", { property_name: "x" }, "property_name");
  type("abc");
  store.getState().undo();
  expect(prompt()).toBe("ab");
});

test("no more than a hundred steps are kept", () => {
  for (let number = 0; number < 130; number += 1) rename(`Name ${number}`);
  expect(store.getState().history.past).toHaveLength(100);
});

test("a selected step that an undo takes away is no longer selected", () => {
  store.getState().edit((document) => ({ ...document, actions: document.actions?.slice(0, 1) }));
  store.getState().undo();
  store.getState().select({ kind: "step", actionId: "2" });
  store.getState().redo();
  expect(store.getState().selection).toBeNull();
});

test("nothing changes while the editor is read-only", () => {
  store.getState().setReadOnly(true);
  rename("Name");
  store.getState().undo();
  expect(store.getState().document).toBe(DOCUMENT);
});

test("problems stay with their step while steps are put before it", () => {
  store.getState().noteSaved(DOCUMENT, 5, { problems: [{ path: "actions[1].fields.property_name", code: "X", message: "m", severity: "error" }], outputs: {} });
  store.getState().edit((document) => ({ ...document, actions: [{ type: "WEBHOOK", actionId: "3" }, ...(document.actions ?? [])] }));
  expect(store.getState().problemsFor("actions[2].fields")).toHaveLength(1);
  expect(store.getState().problemsFor("actions[1]")).toHaveLength(0);
  expect(store.getState().problemsFor("actions[2].fields.property")).toHaveLength(0);
});

test("a problem goes at once when its value changes, and those of other fields stay", () => {
  const problem = (path: string) => ({ path, code: path, message: "m", severity: "error" as const });
  store.getState().noteSaved(DOCUMENT, 5, { problems: ["actions[0].fields.prompt", "actions[0].fields.model", "actions[1].fields", "enrollmentCriteria"].map(problem), outputs: {} });
  store.getState().setFields("1", { prompt: "b" });
  expect(store.getState().problems.map((one) => one.path)).toEqual(["actions[0].fields.model", "actions[1].fields", "enrollmentCriteria"]);
  store.getState().edit((document) => ({ ...document, enrollmentCriteria: { type: "MANUAL" } }));
  store.getState().setFields("1", { prompt: "b", model: "m" });
  expect(store.getState().problems.map((one) => one.path)).toEqual(["actions[1].fields"]);
});

test("an answer that comes after further typing does not speak of what was typed meanwhile", () => {
  store.getState().setFields("1", { prompt: "" });
  const checked = store.getState().document;
  store.getState().setFields("1", { prompt: "Sort" });
  store.getState().noteSaved(checked, 5, { problems: [{ path: "actions[0].fields.prompt", code: "EMPTY", message: "m", severity: "error" }], outputs: {} });
  expect(store.getState().problems).toEqual([]);
});

test("what a step declares is offered at once, and the server adds what only it knows", () => {
  const field = { name: "urgency", type: "choice", label: "Urgency", options_from_property: "urgency" };
  store.getState().setFields("1", { prompt: "a", output: { type: "fields", fields: [field] } });
  const offered = () => store.getState().outputsBefore("2").map(({ outputs }) => outputs.map((one) => [one.name, one.label, one.options.length]));
  expect(offered()).toEqual([[["urgency", "Urgency", 0], ["text", "Whole answer", 0]]]);
  const known = (name: string, options: { value: string; label: string }[] = []) => ({ name, label: name, type: "string", options });
  store.getState().noteSaved(store.getState().document, 5, { problems: [], outputs: { 1: [known("urgency", [{ value: "high", label: "High" }]), known("text"), known("hs_model")] } });
  expect(offered()).toEqual([[["urgency", "Urgency", 1], ["text", "Whole answer", 0], ["hs_model", "hs_model", 0]]]);
  store.getState().setFields("1", { prompt: "a", output: { type: "fields", fields: [{ ...field, name: "level", label: "Level" }] } });
  expect(offered()).toEqual([[["level", "Level", 0], ["text", "Whole answer", 0], ["hs_model", "hs_model", 0]]]);
  const { outputs } = store.getState();
  rename("Other");
  expect(store.getState().outputs).toBe(outputs);
});

test("a step is new until somebody leaves it, goes to one of its problems or wants to publish", () => {
  const add = () => store.getState().edit((document) => ({ ...document, name: `${document.name} again` }), { select: { kind: "step", actionId: "2" }, fresh: "2" });
  add();
  store.getState().setFields("2", { property_name: "x" });
  expect(store.getState().fresh).toBe("2");
  store.getState().select({ kind: "step", actionId: "1" });
  expect(store.getState().fresh).toBeNull();
  add();
  store.getState().endFresh();
  expect(store.getState().fresh).toBeNull();
});

test("an edit is saved once, 0.8 seconds after the last of them, over the version it was made from", async () => {
  rename("One");
  await vi.advanceTimersByTimeAsync(700);
  rename("Two");
  await vi.advanceTimersByTimeAsync(790);
  expect(save).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(20);
  expect(save.mock.calls.map(([document, version]) => [document, version])).toEqual([[store.getState().document, 4]]);
  expect(store.getState().saving.state).toBe("saved");
  expect(store.getState().version).toBe(5);
});

test("what is typed while a save is under way is saved after it, never beside it", async () => {
  let answer: (value: Awaited<ReturnType<Transport["save"]>>) => void = () => undefined;
  save.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  rename("One");
  await vi.advanceTimersByTimeAsync(800);
  rename("Two");
  await vi.advanceTimersByTimeAsync(5000);
  expect(save).toHaveBeenCalledTimes(1);
  answer({ version: 5, ...NOTHING_FOUND });
  await vi.advanceTimersByTimeAsync(1000);
  expect(save.mock.calls.map(([, version]) => version)).toEqual([4, 5]);
  expect(store.getState().saved).toBe(store.getState().document);
});

test("a save that met no server is tried again, and at once when the network is back", async () => {
  save.mockRejectedValueOnce(new ApiProblem(0, {}));
  rename("One");
  await vi.advanceTimersByTimeAsync(800);
  expect(store.getState().saving.state).toBe("offline");
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getState().saving.state).toBe("saved");
});

test("a refused document is not sent again until it is another", async () => {
  save.mockRejectedValueOnce(new ApiProblem(413, { message: "Too large." }));
  rename("One");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(save).toHaveBeenCalledTimes(1);
  expect(store.getState().saving).toEqual({ state: "refused", message: "Too large." });
  rename("Two");
  await vi.advanceTimersByTimeAsync(800);
  expect(store.getState().saving.state).toBe("saved");
});

test("somebody else's save stops the autosave and shows theirs, and taking it can be undone", async () => {
  const theirs = { document: { ...DOCUMENT, name: "Theirs" }, version: 9, by: "Ada", at: "2026-01-01T00:00:00Z" };
  save.mockRejectedValueOnce(new ApiProblem(409, {}));
  readTheirs.mockResolvedValue(theirs);
  rename("Mine");
  await vi.advanceTimersByTimeAsync(800);
  expect(store.getState().saving).toEqual({ state: "conflict", theirs });
  rename("Mine, further");
  await vi.advanceTimersByTimeAsync(5000);
  expect(save).toHaveBeenCalledTimes(1);
  store.getState().replace(theirs.document, theirs.version);
  expect(store.getState().document.name).toBe("Theirs");
  store.getState().undo();
  await vi.advanceTimersByTimeAsync(800);
  expect(save.mock.lastCall?.[0].customProperties).toEqual({ action_name_2: "Mine, further" });
  expect(save.mock.lastCall?.[1]).toBe(9);
});

test("a page that is hidden saves at once, in a request that outlives it", async () => {
  rename("One");
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.advanceTimersByTimeAsync(0);
  expect(save).toHaveBeenCalledWith(store.getState().document, 4, true);
});

test("whoever reads the workflow after the editor waits for its last save, also when that fails", async () => {
  let answer: (saved: Awaited<ReturnType<Transport["save"]>>) => void = () => {};
  save.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
  type("ab");
  noteLastSave("7", autosave.stop());
  const read = vi.fn();
  void lastSave("7").then(read);
  await lastSave("8");
  await vi.advanceTimersByTimeAsync(0);
  expect(save).toHaveBeenCalledTimes(1);
  expect(read).not.toHaveBeenCalled();
  answer({ version: 5, ...NOTHING_FOUND });
  await vi.advanceTimersByTimeAsync(0);
  expect(read).toHaveBeenCalled();

  save.mockRejectedValue(new ApiProblem(403, { message: "Not allowed." } as never));
  autosave = startAutosave(store, { save, readTheirs });
  type("abc");
  noteLastSave("7", autosave.stop());
  await lastSave("7");
  expect(store.getState().saving.state).toBe("refused");
});

test("what is missing is no fault of a workflow that nobody has begun, until somebody wants to publish it", () => {
  const problem = { path: "actions", code: "NO_ACTIONS", message: "There is no action.", severity: "error" as const };
  const empty = createEditorStore({ flowId: "8", document: { name: "New", actions: [] }, version: 0, readOnly: false, problems: [problem], outputs: {} });
  const faults = () => empty.getState().problems.filter((one) => isFault(one, empty.getState()));
  expect(faults()).toEqual([]);
  empty.getState().endFresh();
  expect(faults()).toHaveLength(1);
});
