import { describe, expect, test } from "vitest";
import type { Json } from "@/api/json";
import triage from "../../../../../examples/triage-complaints.json";
import { copyStep, duplicateStep, pasteSteps, readCopied } from "./clipboard";
import { allEdges, branchExit, defaultExit, edgeAt, errorExit, exitsOf, findAction, goTo, nextExit, setEdge, START } from "./edges";
import { canMove, deleteStep, EditRefused, freeId, insertAction, moveStep, renameStep, setJump } from "./edits";
import { addErrorPath, answeredPathIn, removeErrorPath } from "./error-path";
import { stepName } from "./names";
import { addPath, movePath, newBranch, removePath, renamePath } from "./paths";
import { pick, randomAction, randomDocument, randomStream } from "./random-documents";
import { shareTree } from "./share";
import { type Chain, readTree, type Tree } from "./tree";
import { actionsOf, asDocument, branchKey, type FlowAction, type FlowDocument } from "./types";

const TRIAGE = asDocument(triage as unknown as Json);
const step = { type: "SINGLE_CONNECTION", actionTypeId: "0-1", fields: { delta: "1", time_unit: "DAYS" } };
const branch = { type: "LIST_BRANCH", listBranches: [newBranch("LIST_BRANCH", "Branch 1")] };

const ids = (document: FlowDocument) => readTree(document).steps.map((one) => one.id);
const clone = <T>(value: T): T => structuredClone(value);

test("a flow reads as a chain that ends in paths, numbered in reading order", () => {
  const { start, steps, loose } = readTree(TRIAGE);
  expect(start.steps.map((one) => one.id)).toEqual(["1", "2", "3", "4", "5"]);
  expect(steps.at(-1)?.paths?.map(({ exit, chain }) => [exit, chain.end.kind])).toBeUndefined();
  expect(start.steps.at(-1)?.paths?.map(({ exit }) => exit)).toEqual([branchExit("5", 0), defaultExit("5")]);
  expect(steps.map((one) => one.number)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(loose).toEqual([]);
});

test("a step inserted between two steps leads on to the second", () => {
  const { document, actionId } = insertAction(TRIAGE, nextExit("1"), step);
  expect(actionId).toBe("7");
  expect(document.nextAvailableActionId).toBe("8");
  expect(ids(document)).toEqual(["1", "7", "2", "3", "4", "5", "6"]);
});

test("a branch inserted between two steps sends every record on through None met", () => {
  const { document, actionId } = insertAction(TRIAGE, nextExit("2"), branch);
  expect(edgeAt(document, defaultExit(actionId))?.nextActionId).toBe("3");
  expect(edgeAt(document, branchExit(actionId, 0))).toBeNull();
});

test("the id of a deleted step is not given again", () => {
  const { document, actionId } = insertAction(TRIAGE, branchExit("5", 0), step);
  expect(freeId(deleteStep(document, actionId))).toBe("8");
});

test("a deleted step is bridged, and jumps to it lead to the step after it", () => {
  const looped = clone(TRIAGE);
  setEdge(looped, nextExit("6"), goTo("2"));
  const document = deleteStep(looped, "2");
  expect(ids(document)).toEqual(["1", "3", "4", "5", "6"]);
  expect(edgeAt(document, nextExit("6"))).toEqual(goTo("3"));
});

test("a deleted branch keeps the path that was chosen, or nothing below it", () => {
  const [urgent] = readTree(TRIAGE).places.get("5")?.step.paths ?? [];
  expect(ids(deleteStep(TRIAGE, "5", urgent))).toEqual(["1", "2", "3", "4", "6"]);
  expect(ids(deleteStep(TRIAGE, "5"))).toEqual(["1", "2", "3", "4"]);
  expect(findAction(deleteStep(TRIAGE, "5"), "6")).toBeUndefined();
});

test("a step that another path leads to as well outlives the path it was drawn in", () => {
  const joined = clone(TRIAGE);
  setEdge(joined, defaultExit("5"), { edgeType: "STANDARD", nextActionId: "6" });
  expect(readTree(joined).steps).toHaveLength(6);
  const document = removePath(joined, "5", 0);
  expect(ids(document)).toEqual(["1", "2", "3", "4", "5", "6"]);
  expect(readTree(document).places.get("6")?.exit).toBe(defaultExit("5"));
});

test("a duplicate has its own id and follows the original", () => {
  const named = renameStep(TRIAGE, "2", "Note the product");
  const { document, actionId } = duplicateStep(named, "1", "2");
  expect(ids(document)).toEqual(["1", "2", actionId, "3", "4", "5", "6"]);
  expect(findAction(document, actionId)?.fields).toEqual(findAction(TRIAGE, "2")?.fields);
  expect(stepName(document, actionId)).toBe("Note the product");
});

test("a copied branch brings its paths, with references among its steps rewritten and others kept", () => {
  const source = insertAction(TRIAGE, branchExit("5", 0), { ...step, fields: { body: "{{ action_outputs.action_output_6.x }} {{ action_outputs.action_output_1.summary }}" } }).document;
  const copied = copyStep(source, "1", "5");
  const { document, actionId } = pasteSteps(source, "1", defaultExit("5"), copied!);
  const pasted = readTree(document).places.get(actionId)?.step.paths?.[0]?.chain.steps ?? [];
  expect(pasted).toHaveLength(2);
  expect(pasted[0]?.action.fields?.body).toBe(`{{ action_outputs.action_output_${pasted[1]?.id}.x }} {{ action_outputs.action_output_1.summary }}`);
});

test("pasted into another workflow, a reference to a step that stayed behind leads nowhere, not to a stranger", () => {
  const copied = readCopied(JSON.stringify(copyStep(TRIAGE, "1", "2")));
  const { document, actionId } = pasteSteps(TRIAGE, "other", nextExit("4"), copied!);
  expect(findAction(document, actionId)?.fields?.value).toEqual({ type: "FIELD_DATA", actionId: "0", dataKey: "product" });
});

test.each(["", "null", "{}", '{"kind":"penstock/workflow-steps","version":1,"root":"1","actions":[{}],"names":{}}'])("a clipboard that holds %j pastes nothing", (text) => {
  expect(readCopied(text)).toBeNull();
});

test("a moved step leaves no gap, and jumps to it follow it", () => {
  const looped = clone(TRIAGE);
  setEdge(looped, defaultExit("5"), goTo("2"));
  const document = moveStep(looped, "2", nextExit("6"));
  expect(ids(document)).toEqual(["1", "3", "4", "5", "6", "2"]);
  expect(edgeAt(document, defaultExit("5"))).toEqual(goTo("2"));
});

test("a branch cannot be moved into itself", () => {
  expect(canMove(TRIAGE, "5", branchExit("5", 0))).toBe(false);
  expect(() => moveStep(TRIAGE, "5", nextExit("6"))).toThrow(EditRefused);
});

test("a jump is only set where nothing is lost by it", () => {
  expect(edgeAt(setJump(TRIAGE, defaultExit("5"), "2"), defaultExit("5"))).toEqual(goTo("2"));
  expect(() => setJump(TRIAGE, nextExit("1"), "4")).toThrow(EditRefused);
});

test("paths are added, named, put in another order and removed with their steps", () => {
  let document = addPath(TRIAGE, "5", newBranch("LIST_BRANCH", "Second"));
  document = renamePath(renamePath(document, "5", 1, "Later"), "5", null, "Otherwise");
  document = movePath(document, "5", 1, 0);
  expect(findAction(document, "5")?.listBranches?.map((one) => one.branchName)).toEqual(["Later", "Urgent"]);
  expect(findAction(document, "5")?.defaultBranchName).toBe("Otherwise");
  document = removePath(document, "5", 1);
  expect(ids(document)).toEqual(["1", "2", "3", "4", "5"]);
});

test("a tree shares with the one before all that did not change", () => {
  const before = readTree(TRIAGE);
  const renamed = shareTree(readTree(renameStep(TRIAGE, "2", "Name")), before);
  expect(renamed.start).toBe(before.start);
  const changed = shareTree(readTree(renamePath(TRIAGE, "5", null, "Else")), before);
  expect(changed.steps.map((one, index) => one === before.steps[index])).toEqual([true, true, true, true, false, true]);
});

describe("an LLM step with a path for failed records", () => {
  const led = insertAction(addErrorPath(TRIAGE, "1"), errorExit("1"), step).document; // 7 on the path of step 1

  test("is drawn with two paths, and what followed it follows its answers", () => {
    const [first] = readTree(led).start.steps;
    expect(readTree(led).start.steps).toHaveLength(1);
    expect(first?.paths?.map(({ exit, chain }) => [exit, chain.steps.map(({ id }) => id)])).toEqual([
      [nextExit("1"), ["2", "3", "4", "5"]],
      [errorExit("1"), ["7"]],
    ]);
    expect(findAction(led, "1")?.fields?.error_path).toEqual({ connection: { edgeType: "STANDARD", nextActionId: "7" } });
  });

  test("only LLM steps get one, and an edge that cannot be read is none", () => {
    expect(addErrorPath(TRIAGE, "2")).toBe(TRIAGE);
    const odd = addErrorPath(TRIAGE, "1");
    const unreadable = { ...odd, actions: actionsOf(odd).map((action) => (action.actionId === "1" ? { ...action, fields: { ...action.fields, error_path: { connection: "7" } } } : action)) };
    expect(readTree(unreadable).places.get("1")?.step.paths?.at(-1)?.chain.end).toEqual({ kind: "open" });
  });

  test("deleted, what follows its answers stays", () => {
    const answered = answeredPathIn(readTree(led).places.get("1")!.step);
    expect(ids(deleteStep(led, "1", answered))).toEqual(["2", "3", "4", "5", "6"]);
  });

  test("moved, it takes only that path along, even to a place further down its own way", () => {
    const document = moveStep(led, "1", nextExit("3"));
    expect(ids(document)).toEqual(["2", "3", "1", "4", "5", "6", "7"]);
    expect(canMove(led, "1", nextExit("7"))).toBe(false);
  });

  test("copied, it brings that path along and nothing of what follows its answers", () => {
    const { document, actionId } = duplicateStep(led, "1", "1");
    const copy = readTree(document).places.get(actionId)?.step;
    expect(copy?.paths?.map(({ chain }) => chain.steps.map(({ id }) => id))).toEqual([["2", "3", "4", "5"], ["9"]]);
    expect(edgeAt(document, nextExit("1"))?.nextActionId).toBe(actionId);
  });

  test("steps moved behind it come after its answers", () => {
    const short = addErrorPath(insertAction({ actions: [] }, START, { ...step, actionTypeId: "1-1000" }).document, "1");
    const { document } = insertAction(short, nextExit("1"), step);
    expect(ids(pasteSteps(document, "1", START, copyStep(document, "1", "1")!).document)).toEqual(["3", "1", "2"]);
  });

  test("the path goes with its steps, unless another way leads to them", () => {
    expect(removeErrorPath(led, "1")).toEqual({ ...TRIAGE, nextAvailableActionId: "8" });
    const joined = clone(led);
    setEdge(joined, defaultExit("5"), { edgeType: "STANDARD", nextActionId: "7" });
    expect(ids(removeErrorPath(joined, "1"))).toContain("7");
  });
});

describe("whatever is done, in whatever order", () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))("the document stays whole (seed %i)", (seed) => {
    const random = randomStream(seed);
    let document = randomDocument(random, 3 + Math.floor(random() * 25));
    for (let round = 0; round < 25; round += 1) {
      const before = document;
      const frozen = JSON.stringify(before);
      document = randomEdit(random, document);
      expect(JSON.stringify(before)).toBe(frozen);
      expectWhole(before, document);
    }
  });
});

function randomEdit(random: () => number, document: FlowDocument): FlowDocument {
  const exits = [START, ...actionsOf(document).flatMap((action) => exitsOf(action))];
  const exit = pick(random, exits);
  const all = actionsOf(document);
  if (all.length === 0 || random() < 0.35) {
    const { actionId: _, ...action } = randomAction(random, "");
    return insertAction(document, exit, action).document;
  }
  const { actionId } = pick(random, all);
  try {
    switch (pick(random, ["delete", "keep", "move", "duplicate", "paste", "jump", "path", "unpath", "order", "lead failures", "leave failures"])) {
      case "delete":
        return deleteStep(document, actionId);
      case "keep":
        return deleteStep(document, actionId, pick(random, [null, ...(readTree(document).places.get(actionId)?.step.paths ?? [])]));
      case "move":
        return moveStep(document, actionId, exit);
      case "duplicate":
        return duplicateStep(document, "1", actionId).document;
      case "paste":
        return pasteSteps(document, pick(random, ["1", "2"]), exit, copyStep(document, "1", actionId)!).document;
      case "jump":
        return setJump(document, exit, actionId);
      case "path":
        return addPath(document, actionId, { branchName: "New" });
      case "unpath":
        return removePath(document, actionId, 0);
      case "lead failures":
        return addErrorPath(document, actionId);
      case "leave failures":
        return removeErrorPath(document, actionId);
      default:
        return movePath(document, actionId, 0, 1);
    }
  } catch (error) {
    if (error instanceof EditRefused) return document;
    throw error;
  }
}

/** An action as its author wrote it: without where it leads, and without whether failed records have a path. */
function withoutEdges(action: FlowAction) {
  const { connection: _, fields, ...rest } = action;
  const { error_path: __, ...inputs } = fields ?? {};
  return { ...rest, inputs };
}

/** A tree as a text, for comparing. */
function outline({ start, loose }: Tree): string {
  const chain = ({ exit, steps, end }: Chain): string =>
    `${exit}(${steps.map((one) => `${one.number}.${one.id}${(one.paths ?? []).map((path) => chain(path.chain)).join("")}`).join(" ")} ${JSON.stringify(end)})`;
  return [start, ...loose].map(chain).join("\n");
}

/** What must hold of every document: each action drawn once, no edge into the void, ids fresh, strangers untouched. */
function expectWhole(before: FlowDocument, document: FlowDocument): void {
  const tree = readTree(document);
  const drawn = tree.steps.map((one) => one.id);
  const present = actionsOf(document).map((action) => action.actionId);
  expect(new Set(present).size).toBe(present.length);
  expect(drawn.toSorted()).toEqual(present.toSorted());
  expect(outline(readTree(JSON.parse(JSON.stringify(document)) as FlowDocument))).toBe(outline(tree));
  const shared = shareTree(tree, readTree(before));
  expect(outline(shared)).toBe(outline(tree));
  expect(shared.steps.map((one) => [one.id, shared.places.get(one.id)?.exit])).toEqual(tree.steps.map((one) => [one.id, tree.places.get(one.id)?.exit]));
  for (const { edge } of allEdges(document)) expect(present).toContain(edge.nextActionId);
  expect(Number(document.nextAvailableActionId)).toBeGreaterThan(Math.max(0, ...present.map(Number)));
  expect(document.theirs).toBe("kept");
  for (const action of actionsOf(document)) {
    const old = findAction(before, action.actionId);
    if (!old || branchKey(action)) continue;
    expect(withoutEdges(action)).toEqual(withoutEdges(old));
  }
}
