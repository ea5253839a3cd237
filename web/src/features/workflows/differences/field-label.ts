import i18next from "i18next";
import { isObject, type Json, type JsonObject } from "@/api/json";
import type { ActionType } from "@/features/editor/model/types";
import { fieldSpec, resolved } from "@/ui/schema-form/schema";

/** What a field of a step is called in its form: by the catalogue, else by the action's schema, else by its own name. */
export function fieldLabel(type: ActionType | undefined, path: string): string {
  const known = `forms:action.${type?.name}.${path}.label`;
  if (type && i18next.exists(known)) return i18next.t(known);
  return (type?.fields ? titleAt(type.fields, path) : undefined) ?? plain(path);
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
