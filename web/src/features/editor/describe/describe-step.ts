/** What a step does, in two lines for its card: a headline for steps without a name, and what stands below it. */
import type { TFunction } from "i18next";
import { isObject, type Json, type JsonObject } from "@/api/json";
import { branchExit, defaultExit, type Exit, exitIndex, isErrorExit } from "../model/edges";
import { branchKey, errorPathOf, type ActionType, type FlowAction } from "../model/types";
import { readableTokens } from "./tokens";

/** The words for what steps name by id. */
export interface Lookup {
  t: TFunction;
  /** `Ada, Ben and Cem` */
  all: (items: readonly string[]) => string;
  /** `Ada, Ben or Cem` */
  either: (items: readonly string[]) => string;
  /** The label of a property of the enrolled object; its name when nobody knows it. */
  property: (name: string) => string;
  /** The label of an option of a property. */
  option: (property: string, value: string) => string;
  /** An output of an earlier step: `Product of 1. Classify`. */
  output: (actionId: string, name: string) => string;
  /** A filter as a sentence. */
  filter: (filter: Json | undefined) => string;
}

export interface Description {
  headline: string;
  detail: string;
}

/** Characters of a prompt or subject shown on a card; the card itself cuts at its width. */
const SHOWN = 120;

/** Paths that a card names; more are counted. */
const NAMED_PATHS = 3;

type Describe = (inputs: FlowAction, fields: JsonObject, look: Lookup) => Partial<Description>;

/* Cards of the actions that people meet most; any other action is described by its title and its first text. */
const DESCRIBE: Readonly<Record<string, Describe>> = {
  use_custom_llm: (_, fields, look) => ({
    headline: text(fields.model) ? look.t("editor:card.ask", { model: text(fields.model) }) : look.t("editor:card.chooseModel"),
    detail: shortened(text(fields.prompt), look) || look.t("editor:card.noPrompt"),
  }),
  edit_record: (_, fields, look) => {
    const property = text(fields.property_name);
    if (!property) return { headline: look.t("editor:card.chooseProperty") };
    return { headline: look.t("editor:card.set", { property: look.property(property) }), detail: describeValue(fields.value, property, look) };
  },
  internal_email: (_, fields, look) => ({
    headline: shortened(text(fields.subject), look) || look.t("editor:card.noSubject"),
    detail: describeRecipients(fields, look),
  }),
  send_webhook: (action, _, look) => {
    const url = text(action.webhookUrl as Json);
    if (!url) return { headline: look.t("editor:card.noAddress") };
    const host = /^https?:\/\/([^/?#]+)/.exec(url)?.[1] ?? url;
    return { headline: look.t("editor:card.call", { method: text(action.method as Json) || "POST", host }), detail: readableTokens(url, look) };
  },
  delay_set_time: (_, fields, look) => ({ headline: describeDelay(fields, look), detail: describeDelayUntil(fields, look) }),
  if_then_branch: (action, _, look) => {
    const count = (action.listBranches?.length ?? 0) + 1;
    const named = [...(action.listBranches ?? []).map((_branch, index) => branchExit(action.actionId, index)), defaultExit(action.actionId)].map((exit) => describePath(action, exit, look));
    const paths = look.t("editor:card.paths", { count });
    if (count > NAMED_PATHS) return { headline: paths, detail: look.t("editor:card.firstMet") };
    return { headline: look.either(named), detail: paths };
  },
  value_equals_branch: (action, _, look) => {
    const value = isObject(action.inputValue as Json) ? (action.inputValue as JsonObject) : {};
    const subject = value.type === "FIELD_DATA" ? look.output(text(value.actionId), text(value.dataKey)) : text(value.propertyName) && look.property(text(value.propertyName));
    return {
      headline: subject ? look.t("editor:card.by", { subject }) : look.t("editor:card.chooseValue"),
      detail: look.t("editor:card.paths", { count: (action.staticBranches?.length ?? 0) + 1 }),
    };
  },
};

/** The two lines of a card. Actions that Penstock keeps and does not run say so. */
export function describeStep(action: FlowAction, type: ActionType | undefined, look: Lookup): Description {
  if (!type) return { headline: look.t("editor:card.unknown", { type: action.actionTypeId ?? action.type }), detail: look.t("editor:card.kept") };
  const fields = isObject(action.fields as Json) ? (action.fields as JsonObject) : {};
  const described = DESCRIBE[type.name]?.(action, fields, look) ?? { detail: firstText(fields, look) };
  return { headline: described.headline || titleOf(type, look.t), detail: described.detail ?? "" };
}

/** The title of an action type in the language of the screens. */
export function titleOf(type: ActionType, t: TFunction): string {
  return t(`editor:action.${type.name}.title`, { defaultValue: type.title });
}

/** What stands on a path's pill: its name, else its filters as a sentence. "None met" is always there. */
export function describePath(action: FlowAction, exit: Exit, look: Lookup): string {
  if (errorPathOf(action)) return look.t(isErrorExit(exit) ? "editor:path.failed" : "editor:path.answered");
  const index = exitIndex(exit);
  if (index === null) return text(action.defaultBranchName as Json) || look.t(action.type === "STATIC_BRANCH" ? "editor:path.noneOfThese" : "editor:path.noneMet");
  const key = branchKey(action);
  const branch = key && action[key]?.[index];
  if (!branch) return "";
  if (action.type === "STATIC_BRANCH") {
    const value = isObject(action.inputValue as Json) ? (action.inputValue as JsonObject) : {};
    return branch.branchValue ? look.option(text(value.propertyName), branch.branchValue) : look.t("editor:path.noValue");
  }
  const share = branch.trafficPercentage;
  if (typeof share === "number") return branch.branchName || look.t("editor:path.share", { share });
  return branch.branchName || look.filter(branch.filterBranch ?? undefined) || look.t("editor:path.unnamed", { number: index + 1 });
}

export function describeValue(value: Json | undefined, property: string, look: Lookup): string {
  if (!isObject(value)) return "";
  switch (value.type) {
    case "STATIC_VALUE": {
      const written = text(value.staticValue);
      if (!written) return look.t("editor:value.empty");
      return written.includes("{{") ? readableTokens(written, look) : look.option(property, written);
    }
    case "OBJECT_PROPERTY":
      return look.t("editor:value.copy", { property: look.property(text(value.propertyName)) });
    case "FIELD_DATA":
      return look.output(text(value.actionId), text(value.dataKey));
    case "TIMESTAMP":
      return look.t("editor:value.now");
    case "INCREMENT":
      return look.t("editor:value.add", { amount: text(value.incrementAmount) });
    default:
      return "";
  }
}

function describeRecipients(fields: JsonObject, look: Lookup): string {
  const emails = Array.isArray(fields.emails) ? fields.emails.map(text) : [];
  const owners = Array.isArray(fields.owner_properties) ? fields.owner_properties.map((name) => look.property(text(name))) : [];
  const users = Array.isArray(fields.user_ids) ? fields.user_ids.length : 0;
  const named = [...owners, ...emails];
  if (users > 0) named.unshift(look.t("editor:card.users", { count: users }));
  return named.length > 0 ? look.all(named) : look.t("editor:card.noRecipient");
}

function describeDelay(fields: JsonObject, look: Lookup): string {
  const count = Number(text(fields.delta));
  const unit = text(fields.time_unit);
  if (!unit || !Number.isFinite(count)) return "";
  return look.t(`editor:card.wait.${unit}`, { count, defaultValue: "" });
}

function describeDelayUntil(fields: JsonObject, look: Lookup): string {
  const days = Array.isArray(fields.days_of_week) ? fields.days_of_week.map(text) : [];
  if (days.length === 0) return "";
  const named = days.map((day) => look.t(`editor:day.${day}`, { defaultValue: day }));
  return look.t("editor:card.onlyOn", { days: look.all(named) });
}

function firstText(fields: JsonObject, look: Lookup): string {
  const found = Object.values(fields).find((value): value is string => typeof value === "string" && value.trim() !== "");
  return found ? shortened(found, look) : "";
}

function shortened(written: string, look: Lookup): string {
  return readableTokens(written.replace(/\s+/g, " ").trim(), look).slice(0, SHOWN);
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

