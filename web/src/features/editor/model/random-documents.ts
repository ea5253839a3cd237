/** Documents for tests: a real flow, and flows out of a seeded stream of random numbers. Only tests import this. */
import { exitsOf, goTo, type Exit, setEdge, standard } from "./edges";
import type { FlowAction, FlowDocument } from "./types";

/** A repeatable stream of numbers from 0 to below 1 (mulberry32). */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: () => number, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("There is nothing to pick from.");
  return item;
}

/** An action of any kind, unknown ones among them, with an edge nowhere. */
export function randomAction(random: () => number, actionId: string): FlowAction {
  const kind = pick(random, ["llm", "failing llm", "edit", "if", "equals", "split", "foreign", "new node", "webhook"]);
  switch (kind) {
    case "llm":
      return { type: "SINGLE_CONNECTION", actionId, actionTypeId: "1-1000", fields: { prompt: "{{ enrolled_object.subject }}", output: { type: "text" } } };
    case "failing llm":
      return { type: "SINGLE_CONNECTION", actionId, actionTypeId: "1-1000", fields: { prompt: "", error_path: { theirs: "kept" } } };
    case "edit":
      return { type: "SINGLE_CONNECTION", actionId, actionTypeId: "0-5", fields: { property_name: "p", value: { type: "STATIC_VALUE", staticValue: "x" } } };
    case "if":
      return { type: "LIST_BRANCH", actionId, listBranches: [{ branchName: "A", filterBranch: {} }, { branchName: "B", filterBranch: {} }] };
    case "equals":
      return { type: "STATIC_BRANCH", actionId, inputValue: { type: "OBJECT_PROPERTY", propertyName: "p" }, staticBranches: [{ branchValue: "a" }] };
    case "split":
      return { type: "AB_TEST_BRANCH", actionId, testBranches: [{ trafficPercentage: 50 }, { trafficPercentage: 50 }] };
    case "foreign":
      return { type: "SINGLE_CONNECTION", actionId, actionTypeId: "1-179507819", actionTypeVersion: 7, fields: { theirs: { deep: [1, "2", null] } }, extra: 1.5 };
    case "webhook":
      return { type: "WEBHOOK", actionId, method: "POST", webhookUrl: "https://example.com/hook", queryParams: [] };
    default:
      return { type: "SOMETHING_NEW", actionId, payload: { kept: ["word for word"] } };
  }
}

/** A flow of `size` actions, grown by hanging each at a random open exit; some ends jump, some join another path. */
export function randomDocument(random: () => number, size: number): FlowDocument {
  const document: FlowDocument = { type: "PLATFORM_FLOW", objectTypeId: "0-5", name: "Random", actions: [], nextAvailableActionId: String(size + 1), theirs: "kept" };
  const open: Exit[] = ["start"];
  for (let number = 1; number <= size && open.length > 0; number += 1) {
    const action = randomAction(random, String(number));
    document.actions?.push(action);
    const at = Math.floor(random() * open.length);
    const [exit] = open.splice(at, 1);
    setEdge(document, exit ?? "start", standard(action.actionId));
    open.push(...exitsOf(action));
  }
  for (const exit of open) {
    if (exit === "start" || random() < 0.6 || !document.actions?.length) continue;
    const target = pick(random, document.actions).actionId;
    setEdge(document, exit, random() < 0.7 ? goTo(target) : standard(target));
  }
  return document;
}
