import { expect, test } from "vitest";
import { hideColumn, moveColumn, resizeColumn, showColumn } from "./column-layout";
import { choose, EVERYTHING, isSelected, NOTHING, stateOf } from "./selection";

test("rows taken out of everything stay out, and may come back", () => {
  const without = choose(EVERYTHING, ["7"], false);
  expect(isSelected(without, "7")).toBe(false);
  expect(isSelected(without, "8")).toBe(true);
  expect(choose(without, ["7"], true)).toEqual(EVERYTHING);
});

test("the box of the header tells all, some and none apart", () => {
  const some = choose(NOTHING, ["1", "2"], true);
  expect(stateOf(NOTHING, ["1", "2", "3"])).toBe("none");
  expect(stateOf(some, ["1", "2", "3"])).toBe("some");
  expect(stateOf(some, ["1", "2"])).toBe("all");
  expect(stateOf(some, ["9"])).toBe("some");
});

test("a column moves to a place of its own and keeps its width", () => {
  const layout = [{ id: "a" }, { id: "b", width: 90 }, { id: "c" }, { id: "d" }];
  expect(moveColumn(layout, "b", 3).map((column) => column.id)).toEqual(["a", "c", "d", "b"]);
  expect(moveColumn(layout, "d", 1)[1]).toEqual({ id: "d" });
  expect(moveColumn(layout, "b", 0)[0]).toEqual({ id: "b", width: 90 });
  expect(moveColumn(layout, "unknown", 0)).toEqual(layout);
});

test("a column cannot become too narrow to grasp, and comes once", () => {
  expect(resizeColumn([{ id: "a" }], "a", 5)).toEqual([{ id: "a", width: 72 }]);
  expect(showColumn([{ id: "a" }], "a")).toEqual([{ id: "a" }]);
  expect(hideColumn([{ id: "a" }, { id: "b" }], "a")).toEqual([{ id: "b" }]);
});
