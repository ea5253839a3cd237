import { isObject, type Json, type JsonObject } from "@/api/json";
import type { FilterField } from "@/ui/filter-builder/fields";

/** Where a value comes from, by HubSpot's type of value. */
export const MODES = [
  "STATIC_VALUE",
  "OBJECT_PROPERTY",
  "FIELD_DATA",
  "TIMESTAMP",
  "RELATIVE_DATETIME",
  "INCREMENT",
  "STATIC_APPEND_VALUE",
  "APPEND_OBJECT_PROPERTY",
] as const;
export type Mode = (typeof MODES)[number];

export const isMode = (type: Json | undefined): type is Mode => MODES.some((mode) => mode === type);

/** The mode of a value; a bare text is a static value; undefined for a type that nobody here knows. */
export function modeOf(value: Json | undefined): Mode | undefined {
  if (value === undefined || value === null || typeof value !== "object") return "STATIC_VALUE";
  return isObject(value) && isMode(value.type) ? value.type : undefined;
}

const FITS: Record<Mode, (target: FilterField | undefined) => boolean> = {
  STATIC_VALUE: () => true,
  OBJECT_PROPERTY: () => true,
  FIELD_DATA: () => true,
  TIMESTAMP: (target) => target === undefined || ["date", "datetime", "string"].includes(target.type),
  RELATIVE_DATETIME: (target) => target === undefined || ["date", "datetime"].includes(target.type),
  INCREMENT: (target) => target?.type === "number",
  STATIC_APPEND_VALUE: (target) => target !== undefined && (target.type === "string" || target.multiple),
  APPEND_OBJECT_PROPERTY: (target) => target !== undefined && (target.type === "string" || target.multiple),
};

/** The modes to offer: those that the schema allows and that fit the property that the value is meant for. */
export function offeredModes(allowed: Json | undefined, target: FilterField | undefined, present: Mode | undefined): Mode[] {
  const named = Array.isArray(allowed) ? MODES.filter((mode) => allowed.includes(mode)) : MODES;
  return named.filter((mode) => mode === present || FITS[mode](target));
}

/** What a value starts as in another mode. */
export function startIn(mode: Mode): JsonObject {
  switch (mode) {
    case "STATIC_VALUE":
      return { type: mode, staticValue: "" };
    case "OBJECT_PROPERTY":
      return { type: mode, propertyName: "" };
    case "FIELD_DATA":
      return { type: mode, actionId: "", dataKey: "" };
    case "TIMESTAMP":
      return { type: mode, timestampType: "EXECUTION_TIME" };
    case "RELATIVE_DATETIME":
      return { type: mode, timeDelay: { delta: 1, timeUnit: "DAYS" } };
    case "INCREMENT":
      return { type: mode, incrementAmount: 1 };
    case "STATIC_APPEND_VALUE":
      return { type: mode, staticAppendValue: "" };
    case "APPEND_OBJECT_PROPERTY":
      return { type: mode, appendPropertyName: "" };
  }
}

/** The text of a static value, however it is written. */
export function staticText(value: Json | undefined): string {
  const raw = isObject(value) ? value.staticValue : value;
  return raw === undefined || raw === null || typeof raw === "object" ? "" : String(raw);
}
