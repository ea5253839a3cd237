import { expect, test } from "vitest";
import type { JsonObject } from "@/api/json";
import type { FilterField } from "./fields";
import { type Condition, newCondition, readTree, withOperator, withProperty, writeTree } from "./model";
import shared from "../../../../tests/crm/filters/filters_of_the_screens.json";
import { isComplete, type Operator, OPERATORS } from "./operators";

const ZONE = "Europe/Copenhagen";
const VALUES: Record<Operator["input"], string[]> = {
  none: [],
  texts: ["Berlin", "København"],
  number: ["-2.5"],
  numbers: ["1", "10"],
  options: ["high", "low"],
  truth: ["false"],
  day: ["2026-02-28"],
  days: ["2026-01-01", "2026-03-31"],
  count: ["14"],
  unit: ["MONTH"],
};

const filter = (property: string, operation: JsonObject): JsonObject => ({ filterType: "PROPERTY", property, operation });
const and = (...filters: JsonObject[]): JsonObject => ({ filterBranchType: "AND", filterBranchOperator: "AND", filterBranches: [], filters });
const or = (...filterBranches: JsonObject[]): JsonObject => ({ filterBranchType: "OR", filterBranchOperator: "OR", filterBranches, filters: [] });
const known = (property: string) => filter(property, { operationType: "ALL_PROPERTY", operator: "IS_KNOWN", includeObjectsWithNoValueSet: false });

const conditionOf = (operator: Operator): Condition => ({ ...newCondition(), property: "city", operator: operator.id, values: VALUES[operator.input] });

test("every operator is read back as what was written", () => {
  for (const operator of OPERATORS) {
    const document = writeTree({ groups: [{ id: 1, items: [conditionOf(operator)] }] }, ZONE);
    const [read] = readTree(document).groups[0]?.items ?? [];
    expect(read).toMatchObject({ kind: "condition", property: "city", operator: operator.id, values: VALUES[operator.input] });
  }
});

test("what each operator writes is what the server's own test of the grammar reads", () => {
  const written = Object.fromEntries(OPERATORS.map((operator) => [operator.id, operator.write(VALUES[operator.input], ZONE)]));
  expect(written).toEqual(shared);
});

test("a document that is not changed comes back as the very same", () => {
  const documents: JsonObject[] = [
    or(and(known("a")), and(known("b"))),
    and(known("a"), known("b")),
    { ...and(), filterBranches: [or(and(known("a")))] },
    { filterBranchType: "OR", filters: [known("a")], filterBranches: [and(known("b"))], own: "kept" },
    { filterBranchType: "NOT_ANY", filters: [known("a")], filterBranches: [] },
    or({ filterBranchType: "ASSOCIATION", objectTypeId: "0-2", associationTypeId: 1, filters: [known("a")] }),
  ];
  for (const document of documents) expect(writeTree(readTree(document), ZONE, document)).toBe(document);
});

test("filters and branches that are not understood stay word for word beside what is changed", () => {
  const stranger = { filterType: "FORM_SUBMISSION", formId: "7", nested: { x: [1] } };
  const association = { filterBranchType: "ASSOCIATION", objectTypeId: "0-2", filters: [known("domain")], filterBranches: [] };
  const document = or({ ...and(stranger, known("a")), filterBranches: [association], note: "kept" });
  const tree = readTree(document);
  expect(tree.groups[0]?.items.map((item) => item.kind)).toEqual(["kept", "condition", "kept"]);

  tree.groups[0]?.items.push({ ...newCondition(), property: "b", operator: "known" });
  expect(writeTree(tree, ZONE, document)).toEqual(or({ ...and(stranger, known("a"), known("b")), filterBranches: [association], note: "kept" }));
});

test("an operation with more than the builder shows is kept, not bent", () => {
  const odd: JsonObject[] = [
    { operationType: "TIME_POINT", operator: "IS_BEFORE", timePoint: { timeType: "INDEXED", indexReference: { referenceType: "TODAY" }, offset: { days: -7 } } },
    { operationType: "TIME_POINT", operator: "IS_AFTER", propertyParser: "UPDATED_AT", timePoint: { timeType: "DATE", year: 2026, month: 1, day: 2 } },
    { operationType: "TIME_POINT", operator: "IS_BEFORE", timePoint: { timeType: "DATE", year: 2026, month: 1, day: 2, hour: 9 } },
    { operationType: "CALENDAR_DATE", operator: "IN_LAST_TIME_UNIT", timeUnit: "MONTH", timeUnitCount: 3 },
    { operationType: "ENUMERATION", operator: "HAS_EVER_BEEN_ANY_OF", values: ["a"] },
  ];
  for (const operation of odd) {
    const document = or(and(filter("p", operation)));
    expect(readTree(document).groups[0]?.items[0]?.kind).toBe("kept");
    expect(writeTree(readTree(document), ZONE, document)).toBe(document);
  }
});

test("a changed value keeps the filter's own settings and time zone", () => {
  const before = or(and(filter("city", { operationType: "MULTISTRING", operator: "IS_EQUAL_TO", values: ["Rome"], includeObjectsWithNoValueSet: true })));
  const tree = readTree(before);
  const [item] = tree.groups[0]?.items ?? [];
  if (item?.kind === "condition") item.values = ["Paris"];
  expect(writeTree(tree, ZONE, before)).toEqual(
    or(and(filter("city", { operationType: "MULTISTRING", operator: "IS_EQUAL_TO", values: ["Paris"], includeObjectsWithNoValueSet: true }))),
  );
});

test("conditions that are not filled in are left out, and nothing left is null", () => {
  expect(writeTree({ groups: [{ id: 1, items: [newCondition()] }] }, ZONE)).toBeNull();
  const half: Condition = { ...newCondition(), property: "city", operator: "equals" };
  expect(writeTree({ groups: [{ id: 1, items: [half, { ...newCondition(), property: "a", operator: "known" }] }] }, ZONE)).toEqual(or(and(known("a"))));
});

test("another property gets an operator that fits its type, and values that fit stay with a like operator", () => {
  const urgency: FilterField = { name: "urgency", label: "Urgency", group: "", type: "enumeration", multiple: false, options: [] };
  const amount: FilterField = { ...urgency, name: "amount", type: "number" };
  const chosen = withProperty(newCondition(), urgency);
  expect(chosen.operator).toBe("anyOf");
  const filled = withOperator({ ...chosen, values: ["high"] }, "noneOf");
  expect(filled.values).toEqual(["high"]);
  expect(withProperty(filled, amount)).toMatchObject({ operator: "numberEquals", values: [] });
});

test("values that the server would refuse are not complete", () => {
  const refused: [Operator["input"], string[]][] = [
    ["texts", []],
    ["number", ["1e3"]],
    ["number", [""]],
    ["numbers", ["1"]],
    ["day", ["28.02.2026"]],
    ["count", ["-1"]],
    ["unit", ["DECADE"]],
  ];
  for (const [input, values] of refused) {
    const operator = OPERATORS.find((one) => one.input === input);
    expect(operator && isComplete(operator, values)).toBe(false);
  }
});
