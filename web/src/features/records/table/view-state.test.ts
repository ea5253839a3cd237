import { expect, test } from "vitest";
import type { SavedView } from "../contract";
import { changesFrom, effective, hasChanges, readColumns, readSearch, stateOf, writeColumns } from "./view-state";

const filter = { filterBranchType: "OR", filterBranches: [], filters: [] };
const view: SavedView = {
  id: "7",
  name: "Berlin",
  filter,
  search: "",
  sort: { property: "city", direction: "DESCENDING" },
  columns: [
    { property: "email", width: 240 },
    { property: "city", width: null },
  ],
  shared: false,
  own: true,
  owner: { id: "1", name: "Anna" },
  version: 3,
};
const defaults = [{ id: "email" }];

test("an address without changes shows the view as it was saved", () => {
  const base = stateOf(view, defaults);
  expect(effective(base, { view: "7" })).toEqual(base);
  expect(hasChanges(changesFrom(base, base, "7"))).toBe(false);
});

test("only what differs from the view goes into the address, and comes back from it", () => {
  const base = stateOf(view, defaults);
  const state = { ...base, filter: null, sort: null };
  const search = changesFrom(base, state, "7");
  expect(search).toEqual({ view: "7", filter: null, sort: "" });
  expect(effective(base, readSearch({ ...search }))).toEqual(state);
});

test("a change that is taken back leaves no change", () => {
  const base = stateOf(view, defaults);
  const changed = effective(base, changesFrom(base, { ...base, search: "anna" }, "7"));
  expect(changesFrom(base, { ...changed, search: "" }, "7")).toEqual({ view: "7" });
});

test("columns keep their order and widths in the address", () => {
  const layout = [{ id: "email", width: 240 }, { id: "city" }];
  expect(readColumns(writeColumns(layout))).toEqual(layout);
});

test("what does not belong into an address is left out", () => {
  expect(readSearch({ filter: "Berlin", view: 7, sort: ["city"], other: 1 })).toEqual({ view: "7" });
});
