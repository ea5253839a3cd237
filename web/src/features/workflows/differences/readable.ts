import { isObject, type Json, type JsonObject, objectsOf } from "@/api/json";
import { describeValue, type Lookup } from "@/features/editor/describe/describe-step";
import { describeTrigger } from "@/features/editor/describe/describe-trigger";
import { causeOf } from "@/features/editor/llm/failing/causes";
import { isMode } from "@/features/editor/panel/forms/value-modes";
import { describeOutput } from "./describe-output";

/** What values are written with: the words of the workflow, and the names of what is chosen by id. */
export interface Words {
  lookup: Lookup;
  connection: (id: string) => string;
}

const VALUE_TYPES = new Set(["STATIC_VALUE", "OBJECT_PROPERTY", "FIELD_DATA", "TIMESTAMP", "INCREMENT"]);

/** A value of a document as text that people read; an empty text when there is none. */
export function readable(path: string, value: Json, words: Words): string {
  const { lookup } = words;
  if (value === null) return "";
  if (path === "enrollmentCriteria" && isObject(value)) {
    const { headline, detail } = describeTrigger(value, lookup);
    const again = value.shouldReEnroll === true ? `\n${lookup.t("workflows:reEnrolls")}` : "";
    return `${headline}\n${detail}${again}`;
  }
  if (path === "connection_id" && typeof value === "string") return words.connection(value);
  if (path === "property_name" && typeof value === "string") return lookup.property(value);
  if (path.endsWith("value.type") && isMode(value)) return lookup.t(`forms:value.mode.${value}`);
  if (path.endsWith("value.propertyName") && typeof value === "string") return lookup.property(value);
  if (path === "fallbacks") return objectsOf(value).map((one) => lookup.t("forms:failing.fallback", { model: String(one.model ?? ""), connection: words.connection(String(one.connection_id ?? "")) })).join("\n");
  if (path === "fallback_on" && Array.isArray(value)) return lookup.all([...new Set(value.map((one) => causeWords(String(one), lookup)))]);
  if (path === "error_path") return lookup.t("forms:failing.path");
  if (path === "when_cap_reached") return lookup.t(`forms:capReached.${value === "fail" ? "fail" : "wait"}`);
  if (path === "output" || path === "output.fields" || path === "output.type") return describeOutput(value, lookup);
  if (path.endsWith("listBranches") && Array.isArray(value)) return value.map((branch) => branchLine(branch, words)).join("\n");
  return written(value, "", words);
}

function causeWords(name: string, { t }: Lookup): string {
  const cause = causeOf(name);
  return cause === undefined ? name : t(`forms:failing.cause.${cause}`);
}

/** Filters as sentences, values by what they stand for, the rest as lines of names and values. */
function written(value: Json, indent: string, words: Words): string {
  const { lookup } = words;
  if (value === null) return "";
  if (typeof value === "boolean") return lookup.t(value ? "workflows:yes" : "workflows:no");
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.every(isPlain) ? value.join(", ") : value.map((one) => `${indent}– ${written(one, `${indent}  `, words).trimStart()}`).join("\n");
  if (typeof value.filterBranchType === "string") return lookup.filter(value);
  if (typeof value.type === "string" && VALUE_TYPES.has(value.type)) {
    const sentence = describeValue(value, typeof value.propertyName === "string" ? value.propertyName : "", lookup);
    if (sentence) return sentence;
  }
  return lines(value, indent, words);
}

function lines(value: JsonObject, indent: string, words: Words): string {
  return Object.entries(value)
    .filter(([, inner]) => inner !== null && inner !== "" && !(Array.isArray(inner) && inner.length === 0))
    .map(([name, inner]) => {
      const text = written(inner, `${indent}  `, words);
      return text.includes("\n") ? `${indent}${name}:\n${text}` : `${indent}${name}: ${text.trimStart()}`;
    })
    .join("\n");
}

function branchLine(branch: Json, words: Words): string {
  if (!isObject(branch)) return String(branch);
  const sentence = words.lookup.filter(branch.filterBranch);
  const name = typeof branch.branchName === "string" ? branch.branchName : "";
  return name && sentence ? `${name}: ${sentence}` : name || sentence;
}

function isPlain(value: Json): boolean {
  return value === null || typeof value !== "object";
}
