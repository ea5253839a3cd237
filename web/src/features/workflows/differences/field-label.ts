import i18next from "i18next";
import { isObject, type Json, type JsonObject } from "@/api/json";
import type { ActionType } from "@/features/editor/model/types";
import { fieldSpec, resolved } from "@/ui/schema-form/schema";

/** The LLM action has a form of its own; these are the words of it. */
const LLM_WORDS: Readonly<Record<string, string>> = {
  connection_id: "llm.provider",
  model: "llm.model",
  prompt: "llm.prompt",
  system_prompt: "llm.system",
  output: "output.title",
  "output.type": "output.title",
  "output.fields": "output.title",
  temperature: "advanced.temperature",
  reasoning_effort: "advanced.effort",
  max_output_tokens: "advanced.maxOutputTokens",
  max_attempts: "advanced.attempts",
  timeout_seconds: "advanced.timeout",
  deadline_seconds: "advanced.deadline",
  when_cap_reached: "advanced.whenCapReached",
  fallbacks: "failing.others",
  fallback_on: "failing.causes",
  error_path: "failing.records",
};

/** What a field of a step is called in its form: by the catalogue, else by the action's schema, else by its own name. */
export function fieldLabel(type: ActionType | undefined, path: string): string {
  if (path === "value.type") return i18next.t("workflows:field.valueSource");
  if (path === "value.staticValue" || path === "value.propertyName") return fieldLabel(type, "value");
  const own = type?.name === "use_custom_llm" ? LLM_WORDS[path] : undefined;
  if (own !== undefined && i18next.exists(`forms:${own}`)) return i18next.t(`forms:${own}`);
  const known = `forms:action.${type?.name}.${path}.label`;
  if (type && i18next.exists(known)) return i18next.t(known);
  return (type?.fields ? titleAt(type.fields, path) : undefined) ?? plain(path);
}

/** Fields in the order of their form; a document's own order says nothing to people. */
export function inFormOrder<Field extends { path: string }>(type: ActionType | undefined, fields: readonly Field[]): Field[] {
  const names = isObject(type?.fields?.properties) ? Object.keys(type.fields.properties) : [];
  const place = ({ path }: Field) => {
    const at = names.indexOf(path.split(".")[0] ?? "");
    return path === "stepName" ? -1 : at < 0 ? names.length : at;
  };
  return [...fields].sort((one, other) => place(one) - place(other));
}

/** The title of a nested field, such as `output.type`. */
function titleAt(root: JsonObject, path: string): string | undefined {
  let schema: JsonObject = root;
  let title: string | undefined;
  for (const name of path.split(".")) {
    const properties: Json | undefined = resolved(schema, root).properties;
    const next: Json | undefined = isObject(properties) ? properties[name] : undefined;
    if (!isObject(next)) return undefined;
    const field = fieldSpec(name, next, root, false);
    title = field.title === field.name ? undefined : field.title;
    schema = field.schema;
  }
  return title;
}

/** `max_output_tokens` -> Max output tokens; `defaultBranchName` -> Default branch name. */
function plain(path: string): string {
  const words = path.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[._]+/g, " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
