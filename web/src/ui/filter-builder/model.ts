import { isObject, type Json, type JsonObject, objectsOf, sameJson } from "@/api/json";
import { type FilterField } from "./fields";
import { isComplete, type OperatorId, OPERATORS, operatorOf, operatorsFor } from "./operators";

/** One test of a property that the builder can show and change. */
export interface Condition {
  kind: "condition";
  id: number;
  property: string;
  operator: OperatorId | "";
  values: string[];
  /** The filter as it was read, kept word for word until something of it is changed. */
  raw?: JsonObject;
}

/** A filter or a branch that the builder does not understand: shown, never changed. */
export interface Kept {
  kind: "kept";
  id: number;
  part: "filter" | "branch";
  raw: JsonObject;
}

export type Item = Condition | Kept;

/** Conditions that must all be met. */
export interface Group {
  id: number;
  items: Item[];
  raw?: JsonObject;
}

/** Groups of which one must be met: HubSpot's OR of ANDs. */
export interface Tree {
  groups: Group[];
}

let lastId = 0;
const nextId = () => ++lastId;

export const newCondition = (): Condition => ({ kind: "condition", id: nextId(), property: "", operator: "", values: [] });
export const newGroup = (): Group => ({ id: nextId(), items: [newCondition()] });

/** A copy of a condition with an id of its own. */
export const copyOf = (item: Item): Item => ({ ...structuredClone(item), id: nextId() });

/** One filter as the builder shows it. */
export function readFilter(raw: JsonObject): Item {
  const kept: Kept = { kind: "kept", id: nextId(), part: "filter", raw };
  const { property, operation } = raw;
  if (raw.filterType !== "PROPERTY" || typeof property !== "string" || !isObject(operation)) return kept;
  for (const operator of OPERATORS) {
    const values = operator.read(operation);
    if (values && isComplete(operator, values)) return { kind: "condition", id: nextId(), property, operator: operator.id, values, raw };
  }
  return kept;
}

function readGroup(branch: JsonObject): Group {
  const nested = objectsOf(branch.filterBranches).map((raw): Item => ({ kind: "kept", id: nextId(), part: "branch", raw }));
  return { id: nextId(), items: [...objectsOf(branch.filters).map(readFilter), ...nested], raw: branch };
}

const isAnd = (branch: JsonObject) => branch.filterBranchType === "AND";
const isEmpty = (branch: JsonObject) => objectsOf(branch.filters).length === 0 && objectsOf(branch.filterBranches).length === 0;

/** Whether a document holds no condition at all. */
export const isNoFilter = (document: JsonObject): boolean =>
  (document.filterBranchType === "OR" || isAnd(document)) && objectsOf(document.filters).length === 0 && objectsOf(document.filterBranches).every(isNoFilter);

/** A filter document as the builder shows it. What it does not understand is in it as `kept`. */
export function readTree(document: Json | undefined): Tree {
  if (!isObject(document) || isNoFilter(document)) return { groups: [] };
  if (isAnd(document)) {
    const inner = objectsOf(document.filterBranches);
    // HubSpot wraps OR in AND at times; the wrapper alone says nothing.
    if (inner.length === 1 && inner[0]?.filterBranchType === "OR" && objectsOf(document.filters).length === 0) return readTree(inner[0]);
    return { groups: [readGroup(document)] };
  }
  if (document.filterBranchType !== "OR") return { groups: [{ id: nextId(), items: [{ kind: "kept", id: nextId(), part: "branch", raw: document }] }] };
  const alone = objectsOf(document.filters).map((raw): Group => ({ id: nextId(), items: [readFilter(raw)] }));
  const branches = objectsOf(document.filterBranches)
    .filter((branch) => !(isAnd(branch) && isEmpty(branch)))
    .map((branch): Group => (isAnd(branch) ? readGroup(branch) : { id: nextId(), items: [{ kind: "kept", id: nextId(), part: "branch", raw: branch }] }));
  return { groups: [...alone, ...branches] };
}

/** Whether everything is filled in, so that the condition becomes part of the document. */
export function isWhole(item: Item): boolean {
  if (item.kind === "kept") return true;
  const operator = operatorOf(item.operator);
  return item.property !== "" && operator !== undefined && isComplete(operator, item.values);
}

function zoneOf(operation: JsonObject, zone: string): string {
  const point = isObject(operation.timePoint) ? operation.timePoint : operation.lowerBoundTimePoint;
  return isObject(point) && typeof point.zoneId === "string" ? point.zoneId : zone;
}

/** The filter of a condition, undefined while it is not filled in. */
export function writeCondition(condition: Condition, zone: string): JsonObject | undefined {
  const operator = operatorOf(condition.operator);
  if (!operator || !isWhole(condition)) return undefined;
  const before = isObject(condition.raw?.operation) ? condition.raw.operation : undefined;
  const same = before && operator.read(before);
  if (condition.raw && condition.raw.property === condition.property && same && sameJson(same, condition.values)) return condition.raw;
  const operation = operator.write(condition.values, before && same ? zoneOf(before, zone) : zone);
  if (before && same && before.includeObjectsWithNoValueSet !== undefined) operation.includeObjectsWithNoValueSet = before.includeObjectsWithNoValueSet;
  return { ...condition.raw, filterType: "PROPERTY", property: condition.property, operation };
}

function writeGroup(group: Group, zone: string): JsonObject | undefined {
  const filters: JsonObject[] = [];
  const branches: JsonObject[] = [];
  for (const item of group.items) {
    if (item.kind === "kept") (item.part === "filter" ? filters : branches).push(item.raw);
    else {
      const filter = writeCondition(item, zone);
      if (filter) filters.push(filter);
    }
  }
  if (filters.length === 0 && branches.length === 0) return undefined;
  const lone = branches[0];
  if (!group.raw && filters.length === 0 && branches.length === 1 && lone) return lone;
  if (group.raw && sameJson(group.raw.filters ?? [], filters) && sameJson(group.raw.filterBranches ?? [], branches)) return group.raw;
  return { ...group.raw, filterBranchType: "AND", filterBranchOperator: "AND", filterBranches: branches, filters };
}

/**
 * The document of a tree: an OR of ANDs, null when no condition is whole. Conditions that are not filled in yet are
 * left out. `before` is the document that the tree was read from; it comes back itself when nothing was changed.
 */
export function writeTree(tree: Tree, zone: string, before?: Json): JsonObject | null {
  const branches = tree.groups.map((group) => writeGroup(group, zone)).filter((branch) => branch !== undefined);
  if (branches.length === 0) return null;
  if (isObject(before) && sameJson(plainest(before), plainest(orOf(branches)))) return before;
  return orOf(branches);
}

const orOf = (branches: JsonObject[]): JsonObject => ({
  filterBranchType: "OR",
  filterBranchOperator: "OR",
  filterBranches: branches,
  filters: [],
});

const partsOf = (branch: JsonObject): Json => (isAnd(branch) ? [objectsOf(branch.filters), objectsOf(branch.filterBranches)] : branch);

/** The list of a document's branches, however it wraps them: two documents with the same list mean the same. */
function plainest(document: JsonObject): Json {
  const branches = objectsOf(document.filterBranches);
  const filters = objectsOf(document.filters);
  if (document.filterBranchType === "OR") {
    const alone = filters.map((filter): Json => [[filter], []]);
    return [...alone, ...branches.filter((branch) => !(isAnd(branch) && isEmpty(branch))).map(partsOf)];
  }
  const [inner] = branches;
  if (isAnd(document) && filters.length === 0 && branches.length === 1 && inner?.filterBranchType === "OR") return plainest(inner);
  return [partsOf(document)];
}

/** How many conditions the document holds, for labels such as "3 filters". */
export function countConditions(document: Json | undefined): number {
  return readTree(document).groups.reduce((sum, group) => sum + group.items.length, 0);
}

/** The condition after another property was chosen: an operator that still fits stays, values that may not fit go. */
export function withProperty(condition: Condition, field: FilterField): Condition {
  const fitting = operatorsFor(field);
  const kept = fitting.find((operator) => operator.id === condition.operator);
  const operator = kept ?? fitting[0];
  return { ...condition, property: field.name, operator: operator?.id ?? "", values: operator?.input === "truth" ? ["true"] : [] };
}

/** The condition after another operator was chosen; values stay where they are filled in the same way. */
export function withOperator(condition: Condition, id: OperatorId): Condition {
  const before = operatorOf(condition.operator);
  const after = operatorOf(id);
  if (!after) return condition;
  const starts: Partial<Record<typeof after.input, string[]>> = { truth: ["true"], unit: ["MONTH"] };
  return { ...condition, operator: id, values: before?.input === after.input ? condition.values : (starts[after.input] ?? []) };
}
