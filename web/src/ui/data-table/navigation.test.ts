import { expect, test } from "vitest";
import { placeAfter, placeAfterEdit } from "./navigation";

const extent = { rows: 100, columns: 5, page: 20 };
const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, metaKey: false });

test("arrows move one cell and stop at the edges, with the header above the first row", () => {
  expect(placeAfter(press("ArrowDown"), { row: 3, column: 2 }, extent)).toEqual({ row: 4, column: 2 });
  expect(placeAfter(press("ArrowUp"), { row: 0, column: 2 }, extent)).toEqual({ row: -1, column: 2 });
  expect(placeAfter(press("ArrowUp"), { row: -1, column: 2 }, extent)).toEqual({ row: -1, column: 2 });
  expect(placeAfter(press("ArrowRight"), { row: 3, column: 4 }, extent)).toEqual({ row: 3, column: 4 });
});

test("Ctrl leads to the ends, Page Down by a screen", () => {
  expect(placeAfter(press("End", true), { row: 3, column: 2 }, extent)).toEqual({ row: 99, column: 4 });
  expect(placeAfter(press("Home", true), { row: 3, column: 2 }, extent)).toEqual({ row: -1, column: 0 });
  expect(placeAfter(press("PageDown"), { row: 90, column: 2 }, extent)).toEqual({ row: 99, column: 2 });
});

test("a key that is none of the grid's moves nothing", () => {
  expect(placeAfter(press("x"), { row: 3, column: 2 }, extent)).toBeUndefined();
});

test("Tab in an editor goes on to the next cell that can be edited, over the end of the row", () => {
  const editable = [false, false, true, false, true];
  expect(placeAfterEdit({ row: 0, column: 2 }, "next", editable, 3)).toEqual({ row: 0, column: 4 });
  expect(placeAfterEdit({ row: 0, column: 4 }, "next", editable, 3)).toEqual({ row: 1, column: 2 });
  expect(placeAfterEdit({ row: 0, column: 2 }, "previous", editable, 3)).toBeUndefined();
  expect(placeAfterEdit({ row: 2, column: 4 }, "next", editable, 3)).toBeUndefined();
  expect(placeAfterEdit({ row: 2, column: 4 }, "down", editable, 3)).toEqual({ row: 2, column: 4 });
});
