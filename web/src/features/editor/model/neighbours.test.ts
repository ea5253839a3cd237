import { expect, test } from "vitest";
import { defaultExit, setEdge, standard } from "./edges";
import { type Direction, neighbour } from "./neighbours";
import { readTree } from "./tree";
import type { FlowDocument } from "./types";

const step = (actionId: string, next?: string) => ({ type: "SINGLE_CONNECTION", actionId, ...(next && { connection: standard(next) }) });
const DOCUMENT: FlowDocument = {
  startActionId: "1",
  actions: [
    step("1", "2"),
    { type: "LIST_BRANCH", actionId: "2", listBranches: [{ branchName: "A", connection: standard("3") }, { branchName: "Empty" }] },
    step("3", "4"),
    step("4"),
    step("5"),
  ],
};
setEdge(DOCUMENT, defaultExit("2"), standard("5"));
const tree = readTree(DOCUMENT);

test.each<[string | null, Direction, string]>([
  [null, "next", "trigger"],
  ["trigger", "down", "1"],
  ["1", "up", "trigger"],
  ["2", "down", "3"],
  ["3", "up", "2"],
  ["4", "right", "5"],
  ["5", "left", "3"],
  ["4", "next", "5"],
  ["5", "next", "5"],
  ["4", "down", "4"],
])("from %s, %s leads to %s", (from, direction, to) => {
  expect(neighbour(tree, from, direction)).toBe(to);
});
