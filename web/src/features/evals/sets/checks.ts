import type { Json } from "@/api/json";
import type { EvalCase } from "../queries";

export type Check = EvalCase["checks"][number];
export type CheckKind = Check["kind"];

export const KINDS: readonly CheckKind[] = ["equals", "one_of", "contains", "matches", "within", "judge"];

/** A check while it is written: `text` is what is equalled, contained, matched or judged by. */
export interface CheckDraft {
  key: string;
  field: string;
  kind: CheckKind;
  text: string;
  values: string[];
  low: number | "";
  high: number | "";
  /** What `text` was read from, which may be a number or a list; sent again while nobody writes another text. */
  read: { text: string; value: Json } | undefined;
}

export function newDraft(field: string): CheckDraft {
  return { key: crypto.randomUUID(), field, kind: "equals", text: "", values: [], low: "", high: "", read: undefined };
}

export function draftOf(check: Check): CheckDraft {
  const value = (check.value ?? null) as Json;
  const text = check.pattern ?? check.criterion ?? plain(value);
  const valued = check.kind === "equals" || check.kind === "contains";
  return { ...newDraft(check.field), kind: check.kind, text, values: check.values ?? [], low: check.low ?? "", high: check.high ?? "", read: valued ? { text, value } : undefined };
}

/** The check as the server takes it, with what belongs to its kind. */
export function checkOf({ field, kind, text, values, low, high, read }: CheckDraft): Check {
  switch (kind) {
    case "one_of":
      return { field, kind, values };
    case "matches":
      return { field, kind, pattern: text };
    case "within":
      return { field, kind, low: low === "" ? null : low, high: high === "" ? null : high };
    case "judge":
      return { field, kind, criterion: text.trim() };
    default:
      return { field, kind, value: (read?.text === text ? read.value : text) as Check["value"] };
  }
}

/** Whether something is said of what is expected. A field that was expected to be empty may stay so. */
export function isWhole({ field, kind, text, values, low, high, read }: CheckDraft): boolean {
  if (!field) return false;
  if (kind === "one_of") return values.length > 0;
  if (kind === "within") return low !== "" || high !== "";
  return text.trim() !== "" || (kind === "equals" && read?.text === "");
}

/** A value as people read it; the items of a list between semicolons, as the checks compare it. */
export function plain(value: Json): string {
  if (value === null) return "";
  if (Array.isArray(value)) return value.map(plain).join(";");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
