import { expect, test } from "vitest";
import { errorExit, goTo, nextExit, setEdge, standard } from "./edges";
import { allOutputs } from "./outputs";
import { outputsBefore } from "./scope";
import { readTree } from "./tree";
import type { FlowDocument } from "./types";

const llm = (actionId: string) => ({ type: "SINGLE_CONNECTION", actionId, actionTypeId: "1-1000", fields: { output: { type: "fields", fields: [{ name: "urgency", type: "text" }] }, error_path: {} } });
const edit = (actionId: string) => ({ type: "SINGLE_CONNECTION", actionId, actionTypeId: "0-5", fields: {} });

function flow(): FlowDocument {
  const document: FlowDocument = { startActionId: "1", actions: [llm("1"), edit("2"), edit("3")] };
  setEdge(document, nextExit("1"), standard("2"));
  setEdge(document, errorExit("1"), standard("3"));
  return document;
}

function offeredAt(document: FlowDocument, actionId: string): string[] {
  return outputsBefore(document, readTree(document), actionId, allOutputs(document, {})).flatMap(({ outputs }) => outputs.map(({ name }) => name));
}

test("why a step failed is offered on its path for failed records, its answer on the other", () => {
  expect(offeredAt(flow(), "2")).toEqual(["urgency", "text"]);
  expect(offeredAt(flow(), "3")).toEqual(["error_code", "error_message"]);
});

test("where both ways meet, both are offered", () => {
  const document = flow();
  setEdge(document, nextExit("3"), goTo("2"));
  expect(offeredAt(document, "2")).toEqual(["urgency", "text", "error_code", "error_message"]);
});
