/** What a step can refer to: the outputs of the steps that can have run before it. */
import { isObject, objectsOf } from "@/api/json";
import { allEdges, exitAction } from "./edges";
import type { Step, Tree } from "./tree";
import type { FlowAction, FlowDocument, OutputSpec } from "./types";

/** The ids of all actions that can have run before `actionId`; itself too, when it stands in a loop. */
export function earlierIds(document: FlowDocument, actionId: string): Set<string> {
  const sources = new Map<string, string[]>();
  for (const { exit, edge } of allEdges(document)) {
    const from = exitAction(exit);
    if (from !== null) sources.set(edge.nextActionId, [...(sources.get(edge.nextActionId) ?? []), from]);
  }
  const found = new Set<string>();
  const todo = [...(sources.get(actionId) ?? [])];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    todo.push(...(sources.get(id) ?? []));
  }
  return found;
}

/** The outputs that an action's own fields declare; the answer to the checks knows them all, this one at once. */
export function declaredOutputs(action: FlowAction): OutputSpec[] {
  if (action.type === "WEBHOOK") {
    return [output("hs_webhook_status_code", "Status code", "number"), output("hs_webhook_response_body", "Response body", "string")];
  }
  const declared = action.fields?.output;
  if (!isObject(declared)) return [];
  const fields = declared.type === "fields" ? objectsOf(declared.fields) : [];
  const named = fields.flatMap((field) =>
    typeof field.name === "string" && field.name
      ? [
          {
            ...output(field.name, String(field.label || field.name), typeName(field.type)),
            options: objectsOf(field.options).map((option) => ({ value: String(option.value), label: String(option.label || option.value) })),
          },
        ]
      : [],
  );
  return [...named, output("text", "Whole answer", "string")];
}

function output(name: string, label: string, type: string): OutputSpec {
  return { name, label, type, options: [] };
}

/** The types of declared answers in the words of property types. */
const TYPES: Readonly<Record<string, string>> = { choice: "enumeration", number: "number", date: "date", yes_no: "bool" };

function typeName(type: unknown): string {
  return TYPES[String(type)] ?? "string";
}

/** A step before this one, with what it puts out. */
export interface EarlierOutputs {
  step: Step;
  outputs: OutputSpec[];
}

/** The steps before `actionId` that put something out, in reading order. `known` are the outputs that the server named. */
export function outputsBefore(document: FlowDocument, tree: Tree, actionId: string, known: Readonly<Record<string, OutputSpec[]>>): EarlierOutputs[] {
  const earlier = earlierIds(document, actionId);
  return tree.steps
    .filter((step) => earlier.has(step.id))
    .map((step) => ({ step, outputs: known[step.id] ?? declaredOutputs(step.action) }))
    .filter(({ outputs }) => outputs.length > 0);
}
