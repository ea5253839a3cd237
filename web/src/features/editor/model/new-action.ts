/** A new action out of an entry of the palette. */
import { isObject, type Json, type JsonObject } from "@/api/json";
import type { NewAction } from "./edits";
import { newBranch } from "./paths";
import { BRANCH_KEYS, type ActionType } from "./types";

/** The action that an entry of the palette adds. `firstPath` names the first path of an if/then branch. */
export function newAction(type: ActionType, firstPath: string): NewAction {
  const nodeType = type.nodeType ?? "SINGLE_CONNECTION";
  const inputs = startingInputs(type.fields);
  if (nodeType === "SINGLE_CONNECTION") return { type: nodeType, actionTypeId: type.actionTypeId ?? "", actionTypeVersion: 0, fields: inputs };
  const key = BRANCH_KEYS[nodeType as keyof typeof BRANCH_KEYS];
  if (key === undefined) return { type: nodeType, ...inputs };
  return { type: nodeType, ...inputs, [key]: nodeType === "STATIC_BRANCH" ? [] : [newBranch(nodeType, firstPath)] };
}

/**
 * What the inputs of a new action start as: a value for each that the schema requires, and nothing else, so that
 * what nobody sets stays at its default. A schema may name a better start than an empty one under `start`.
 */
export function startingInputs(schema: JsonObject | null): JsonObject {
  const properties = isObject(schema?.properties) ? schema.properties : {};
  const required = Array.isArray(schema?.required) ? schema.required : [];
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]): [string, Json][] =>
      required.includes(name) && isObject(property) ? [[name, startOf(property)]] : [],
    ),
  );
}

function startOf(property: JsonObject): Json {
  if (property.start !== undefined) return property.start;
  if (property.control === "value") return { type: "STATIC_VALUE", staticValue: "" };
  if (Array.isArray(property.enum)) return property.enum[0] ?? "";
  if (property.type === "array") return [];
  if (property.type === "object") return {};
  return property.type === "boolean" ? false : "";
}
