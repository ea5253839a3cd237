/** What each step puts out: what the draft declares, at once, refined by what the checks of the server know. */
import { isObject, type JsonObject, objectsOf, sameJson } from "@/api/json";
import { actionsOf, errorPathOf, type FlowAction, type FlowDocument, LLM, type OutputSpec } from "./types";

/** Outputs by the id of their action. */
export type Outputs = Readonly<Record<string, OutputSpec[]>>;

/** What a step puts out whose record took its path for failed records, and nothing else of it. */
const WHY_IT_FAILED: readonly string[] = ["error_code", "error_message"];

/** Of the outputs of a step those that a record brings along that left it by its answer, after it failed, or either. */
export function outputsBy(outputs: OutputSpec[], ways: { answered: boolean; failed: boolean }): OutputSpec[] {
  if (ways.answered && ways.failed) return outputs;
  return outputs.filter((one) => WHY_IT_FAILED.includes(one.name) === ways.failed);
}

/** The outputs that an action's own fields declare; null for actions that declare none, which the server knows. */
function declaredOutputs(action: FlowAction): OutputSpec[] | null {
  if (action.type === "WEBHOOK") {
    return [output("hs_webhook_status_code", "Status code", "number"), output("hs_webhook_response_body", "Response body", "string")];
  }
  if (action.actionTypeId !== LLM) return null;
  const declared = action.fields?.output;
  const fields = isObject(declared) && declared.type === "fields" ? objectsOf(declared.fields) : [];
  const why = errorPathOf(action) ? [output("error_code", "Error code", "string"), output("error_message", "Error", "string")] : [];
  return [...fields.flatMap(declaredField), output("text", "Whole answer", "string"), ...why];
}

function declaredField(field: JsonObject): OutputSpec[] {
  if (typeof field.name !== "string" || field.name === "") return [];
  const own = objectsOf(field.options).map((option) => ({ value: String(option.value), label: String(option.label || option.value) }));
  const choice = field.type === "choice" || field.type === "choices";
  const property = choice && own.length === 0 && typeof field.options_from_property === "string" ? field.options_from_property : "";
  return [
    {
      ...output(field.name, String(field.label || field.name), typeName(field.type)),
      options: choice ? own : [],
      ...(property && { optionsFrom: property }),
    },
    ...(field.confidence === true || typeof field.review_below === "number" ? [output(`${field.name}_confidence`, `${String(field.label || field.name)}: confidence`, "number")] : []),
  ];
}

function output(name: string, label: string, type: string): OutputSpec {
  return { name, label, type, options: [] };
}

/** The types of declared answers in the words of property types. */
const TYPES: Readonly<Record<string, string>> = { choice: "enumeration", choices: "enumeration", number: "number", date: "date", yes_no: "bool" };

function typeName(type: unknown): string {
  return TYPES[String(type)] ?? "string";
}

const merged = new WeakMap<FlowAction, { known: OutputSpec[] | undefined; outputs: OutputSpec[] }>();

/**
 * What an action puts out: what its fields declare as they are now, with what the server's last answer knows beside
 * it. The same array as long as neither changes.
 */
function outputsOf(action: FlowAction, known: OutputSpec[] | undefined): OutputSpec[] {
  const before = merged.get(action);
  if (before && before.known === known) return before.outputs;
  const outputs = refined(declaredOutputs(action), known);
  merged.set(action, { known, outputs });
  return outputs;
}

function refined(declared: OutputSpec[] | null, known: OutputSpec[] | undefined): OutputSpec[] {
  if (declared === null) return known ?? [];
  const named = new Map(known?.map((one) => [one.name, one]));
  // Only names that no author may give are taken from the answer: of all others the draft knows better.
  const ofTheServer = (known ?? []).filter((one) => one.name.startsWith("hs_") && !declared.some((own) => own.name === one.name));
  return [...declared.map((own) => ({ ...own, options: own.options.length > 0 ? own.options : (named.get(own.name)?.options ?? []) })), ...ofTheServer];
}

/** The outputs of every action that has some. `before` when they are what they were. */
export function allOutputs(document: FlowDocument, known: Outputs, before: Outputs = {}): Outputs {
  const found = Object.fromEntries(
    actionsOf(document).flatMap((action): [string, OutputSpec[]][] => {
      const outputs = outputsOf(action, known[action.actionId]);
      return outputs.length > 0 ? [[action.actionId, outputs]] : [];
    }),
  );
  const ids = Object.keys(found);
  return ids.length === Object.keys(before).length && ids.every((id) => sameJson(found[id] as never, before[id] as never)) ? before : found;
}
