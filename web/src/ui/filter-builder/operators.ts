import type { Json, JsonObject } from "@/api/json";
import type { FieldType, FilterField } from "./fields";
import { dayPoint, readDayPoint } from "./time-points";

/** What has to be filled in for an operator; its value is a list of texts, in this order. */
export type Input = "none" | "texts" | "number" | "numbers" | "options" | "truth" | "day" | "days" | "count" | "unit";

export interface Operator {
  /** Names the operator in the catalogue: `filters:operator.anyOf`. */
  id: OperatorId;
  input: Input;
  fits: (field: FilterField) => boolean;
  /** HubSpot's `operation` for these values; `zone` is the time zone that days are meant in. */
  write: (values: readonly string[], zone: string) => JsonObject;
  /** The values of an operation that is this operator, undefined when it is another or holds what we do not show. */
  read: (operation: JsonObject) => string[] | undefined;
}

export const OPERATOR_IDS = [
  "anyOf", "noneOf", "allOf", "exactly", "truth", "equals", "notEquals", "contains", "notContains", "startsWith", "endsWith",
  "numberEquals", "numberNotEquals", "greater", "atLeast", "less", "atMost", "between", "notBetween", "onDay", "before", "after",
  "betweenDays", "lessThanDaysAgo", "moreThanDaysAgo", "lessThanDaysAhead", "moreThanDaysAhead", "inThis", "inLast", "inNext",
  "known", "unknown",
] as const;
export type OperatorId = (typeof OPERATOR_IDS)[number];

export const UNITS = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"] as const;

const textOf = (value: Json | undefined): string => (value === null || value === undefined || typeof value === "object" ? "" : String(value));

/** `value` or `values`, as the server takes either. */
function textsOf(operation: JsonObject): string[] {
  const raw = operation.values ?? operation.value;
  return (Array.isArray(raw) ? raw : [raw]).map(textOf).filter((text) => text !== "");
}

const ofType =
  (...types: FieldType[]) =>
  (field: FilterField) =>
    types.includes(field.type);
const isMultiple = (field: FilterField) => field.type === "enumeration" && field.multiple;
const isTime = ofType("date", "datetime");
const isText = ofType("string", "phone_number");

/** Those that say what is not so hold for records without a value too, as people mean it. */
const NEGATED = new Set(["noneOf", "notEquals", "notContains", "numberNotEquals", "notBetween"]);

function operation(id: OperatorId, operationType: string, operator: string, rest: JsonObject): JsonObject {
  return { operationType, operator, includeObjectsWithNoValueSet: NEGATED.has(id), ...rest };
}

function known(id: OperatorId, operator: string, also: string[]): Operator {
  return {
    id,
    input: "none",
    fits: () => true,
    write: () => operation(id, "ALL_PROPERTY", operator, {}),
    read: (raw) => (raw.operationType === "ALL_PROPERTY" && (raw.operator === operator || also.includes(textOf(raw.operator))) ? [] : undefined),
  };
}

function text(id: OperatorId, operator: string, also: string[] = []): Operator {
  return {
    id,
    input: "texts",
    fits: isText,
    write: (values) => operation(id, "MULTISTRING", operator, { values: [...values] }),
    read: (raw) => {
      const types = ["STRING", "MULTISTRING"];
      const operators = [operator, ...also];
      return types.includes(textOf(raw.operationType)) && operators.includes(textOf(raw.operator)) ? textsOf(raw) : undefined;
    },
  };
}

function choice(id: OperatorId, operator: string, fits = ofType("enumeration")): Operator {
  return {
    id,
    input: "options",
    fits,
    write: (values) => operation(id, "ENUMERATION", operator, { values: [...values] }),
    read: (raw) =>
      raw.operationType === "ENUMERATION" && raw.operator === operator
        ? textsOf(raw).flatMap((part) => part.split(";").filter(Boolean))
        : undefined,
  };
}

function number(id: OperatorId, operator: string): Operator {
  return {
    id,
    input: "number",
    fits: ofType("number"),
    write: ([value = ""]) => operation(id, "NUMBER", operator, { value }),
    read: (raw) => (raw.operationType === "NUMBER" && raw.operator === operator && textsOf(raw).length === 1 ? textsOf(raw) : undefined),
  };
}

function range(id: OperatorId, operator: string): Operator {
  return {
    id,
    input: "numbers",
    fits: ofType("number"),
    write: ([lowerBound = "", upperBound = ""]) => operation(id, "NUMBER_RANGED", operator, { lowerBound, upperBound }),
    read: (raw) =>
      raw.operationType === "NUMBER_RANGED" && raw.operator === operator ? [textOf(raw.lowerBound), textOf(raw.upperBound)] : undefined,
  };
}

const plainTime = (raw: JsonObject) => raw.propertyParser === undefined || raw.propertyParser === "VALUE";

function timePoint(id: OperatorId, operator: string, end: "start" | "end"): Operator {
  return {
    id,
    input: "day",
    fits: isTime,
    write: ([day = ""], zone) =>
      operation(id, "TIME_POINT", operator, { endpointBehavior: "EXCLUSIVE", propertyParser: "VALUE", timePoint: dayPoint(day, zone, end) }),
    read: (raw) => {
      if (raw.operationType !== "TIME_POINT" || raw.operator !== operator || !plainTime(raw)) return undefined;
      const day = raw.endpointBehavior === "INCLUSIVE" ? undefined : readDayPoint(raw.timePoint, end);
      return day === undefined ? undefined : [day];
    },
  };
}

function readDays(raw: JsonObject): [string, string] | undefined {
  if (raw.operationType !== "TIME_RANGED" || raw.operator !== "IS_BETWEEN" || !plainTime(raw)) return undefined;
  if (raw.lowerBoundEndpointBehavior === "EXCLUSIVE" || raw.upperBoundEndpointBehavior === "EXCLUSIVE") return undefined;
  const [from, to] = [readDayPoint(raw.lowerBoundTimePoint, "start"), readDayPoint(raw.upperBoundTimePoint, "end")];
  return from === undefined || to === undefined ? undefined : [from, to];
}

function writeDays(id: OperatorId, from: string, to: string, zone: string): JsonObject {
  return operation(id, "TIME_RANGED", "IS_BETWEEN", {
    lowerBoundEndpointBehavior: "INCLUSIVE",
    upperBoundEndpointBehavior: "INCLUSIVE",
    propertyParser: "VALUE",
    lowerBoundTimePoint: dayPoint(from, zone, "start"),
    upperBoundTimePoint: dayPoint(to, zone, "end"),
  });
}

function rolling(id: OperatorId, operator: string): Operator {
  return {
    id,
    input: "count",
    fits: isTime,
    write: ([days = ""]) => operation(id, "ROLLING_DATE_RANGE", operator, { numberOfDays: Number(days) }),
    read: (raw) => (raw.operationType === "ROLLING_DATE_RANGE" && raw.operator === operator ? [textOf(raw.numberOfDays)] : undefined),
  };
}

function calendar(id: OperatorId, operator: string): Operator {
  return {
    id,
    input: "unit",
    fits: isTime,
    write: ([timeUnit = ""]) => operation(id, "CALENDAR_DATE", operator, { timeUnit, timeUnitCount: 1, useFiscalYear: false }),
    read: (raw) => {
      const one = raw.timeUnitCount === undefined || raw.timeUnitCount === null || Number(raw.timeUnitCount) === 1;
      const same = raw.operationType === "CALENDAR_DATE" && raw.operator === operator && one && !raw.useFiscalYear;
      return same ? [textOf(raw.timeUnit)] : undefined;
    },
  };
}

/** Every operator of the builder, in the order in which selects show them. */
export const OPERATORS: readonly Operator[] = [
  choice("anyOf", "IS_ANY_OF"),
  choice("noneOf", "IS_NONE_OF"),
  choice("allOf", "CONTAINS_ALL", isMultiple),
  choice("exactly", "IS_EXACTLY", isMultiple),
  {
    id: "truth",
    input: "truth",
    fits: ofType("bool"),
    write: ([value = "true"]) => operation("truth", "BOOL", "IS_EQUAL_TO", { value: value === "true" }),
    read: (raw) => (raw.operationType === "BOOL" && raw.operator === "IS_EQUAL_TO" ? textsOf(raw).map((one) => one.toLowerCase()) : undefined),
  },
  text("equals", "IS_EQUAL_TO"),
  text("notEquals", "IS_NOT_EQUAL_TO"),
  text("contains", "CONTAINS", ["CONTAINS_EXACTLY"]),
  text("notContains", "DOES_NOT_CONTAIN", ["DOES_NOT_CONTAIN_EXACTLY"]),
  text("startsWith", "STARTS_WITH"),
  text("endsWith", "ENDS_WITH"),
  number("numberEquals", "IS_EQUAL_TO"),
  number("numberNotEquals", "IS_NOT_EQUAL_TO"),
  number("greater", "IS_GREATER_THAN"),
  number("atLeast", "IS_GREATER_THAN_OR_EQUAL_TO"),
  number("less", "IS_LESS_THAN"),
  number("atMost", "IS_LESS_THAN_OR_EQUAL_TO"),
  range("between", "IS_BETWEEN"),
  range("notBetween", "IS_NOT_BETWEEN"),
  {
    id: "onDay",
    input: "day",
    fits: isTime,
    write: ([day = ""], zone) => writeDays("onDay", day, day, zone),
    read: (raw) => {
      const days = readDays(raw);
      return days && days[0] === days[1] ? [days[0]] : undefined;
    },
  },
  timePoint("before", "IS_BEFORE", "start"),
  timePoint("after", "IS_AFTER", "end"),
  {
    id: "betweenDays",
    input: "days",
    fits: isTime,
    write: ([from = "", to = ""], zone) => writeDays("betweenDays", from, to, zone),
    read: readDays,
  },
  rolling("lessThanDaysAgo", "IS_LESS_THAN_X_DAYS_AGO"),
  rolling("moreThanDaysAgo", "IS_MORE_THAN_X_DAYS_AGO"),
  rolling("lessThanDaysAhead", "IS_LESS_THAN_X_DAYS_FROM_NOW"),
  rolling("moreThanDaysAhead", "IS_MORE_THAN_X_DAYS_FROM_NOW"),
  calendar("inThis", "IN_THIS_TIME_UNIT"),
  calendar("inLast", "IN_LAST_TIME_UNIT"),
  calendar("inNext", "IN_NEXT_TIME_UNIT"),
  known("known", "IS_KNOWN", ["IS_NOT_BLANK"]),
  known("unknown", "IS_UNKNOWN", ["IS_NOT_KNOWN", "IS_BLANK"]),
];

export const operatorOf = (id: string): Operator | undefined => OPERATORS.find((operator) => operator.id === id);

export const operatorsFor = (field: FilterField): Operator[] => OPERATORS.filter((operator) => operator.fits(field));

const NUMBER = /^-?\d{1,400}(\.\d{1,400})?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether the values are all there is to say for this operator, so that the server takes them. */
export function isComplete(operator: Operator, values: readonly string[]): boolean {
  const all = (count: number, good: (value: string) => boolean) => values.length === count && values.every(good);
  switch (operator.input) {
    case "none":
      return true;
    case "texts":
    case "options":
      return values.length > 0 && values.every((value) => value !== "");
    case "number":
      return all(1, (value) => NUMBER.test(value));
    case "numbers":
      return all(2, (value) => NUMBER.test(value));
    case "truth":
      return all(1, (value) => value === "true" || value === "false");
    case "day":
      return all(1, (value) => DAY.test(value));
    case "days":
      return all(2, (value) => DAY.test(value));
    case "count":
      return all(1, (value) => /^\d{1,6}$/.test(value));
    case "unit":
      return all(1, (value) => UNITS.some((unit) => unit === value));
  }
}
