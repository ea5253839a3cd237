/** Enrollment criteria of the flow JSON as the trigger's form shows them. Pure; what is not understood is kept. */
import { isObject, type Json, type JsonObject, objectsOf } from "@/api/json";
import { type Condition, newCondition, readFilter, writeCondition } from "@/ui/filter-builder/model";

// HubSpot's ids of event types (automation API, enrollment triggers).
const PROPERTY_CHANGED = "4-655002";
const OBJECT_CREATED = "4-1463224";

/** How records come in. `other` is a kind that Penstock keeps and does not run. */
export type CriteriaKind = "MANUAL" | "LIST_BASED" | "EVENT_BASED" | "OTHER";

export function kindOf(criteria: Json | undefined): CriteriaKind {
  if (!isObject(criteria) || criteria.type === "MANUAL") return "MANUAL";
  return criteria.type === "LIST_BASED" || criteria.type === "EVENT_BASED" ? criteria.type : "OTHER";
}

/** An event that enrolls: a record made, or a property changed (perhaps to certain values). */
export type EventTrigger =
  | { kind: "created"; raw?: JsonObject }
  | { kind: "changed"; property: string; to: Condition | null; raw?: JsonObject }
  | { kind: "kept"; raw: JsonObject };

/** HubSpot wraps events in OR and AND branches of one; those are looked through. */
function leavesOf(branch: JsonObject): JsonObject[] {
  const inner = objectsOf(branch.filterBranches);
  const plain = branch.filterBranchType === "OR" || (branch.filterBranchType === "AND" && inner.length === 1);
  return plain && inner.length > 0 && objectsOf(branch.filters).length === 0 ? inner.flatMap(leavesOf) : [branch];
}

function nameIn(filter: JsonObject | undefined): string | undefined {
  const operation = filter && isObject(filter.operation) ? filter.operation : undefined;
  const values = operation && Array.isArray(operation.values) ? operation.values : [];
  const value = operation?.value ?? (values.length === 1 ? values[0] : undefined);
  const equal = operation?.operator === "IS_EQUAL_TO" || operation?.operator === "IS_ANY_OF";
  return equal && typeof value === "string" && value !== "" ? value : undefined;
}

function readEvent(raw: JsonObject): EventTrigger {
  const kept: EventTrigger = { kind: "kept", raw };
  if (raw.filterBranchType !== "UNIFIED_EVENTS" || objectsOf(raw.filterBranches).length > 0) return kept;
  const filters = objectsOf(raw.filters);
  if (raw.eventTypeId === OBJECT_CREATED) return filters.length === 0 ? { kind: "created", raw } : kept;
  if (raw.eventTypeId !== PROPERTY_CHANGED) return kept;
  const property = nameIn(filters.find((filter) => filter.property === "hs_name"));
  const values = filters.filter((filter) => filter.property === "hs_value");
  if (property === undefined || filters.length !== 1 + values.length || values.length > 1) return kept;
  const [value] = values;
  if (!value) return { kind: "changed", property, to: null, raw };
  const to = readFilter(value);
  return to.kind === "condition" ? { kind: "changed", property, to, raw } : kept;
}

/** The events of a list of branches. */
export const readEvents = (branches: Json | undefined): EventTrigger[] => objectsOf(branches).flatMap(leavesOf).map(readEvent);

function unified(eventTypeId: string, filters: JsonObject[]): JsonObject {
  return { filterBranchType: "UNIFIED_EVENTS", filterBranchOperator: "AND", operator: "HAS_COMPLETED", eventTypeId, filterBranches: [], filters };
}

/** The branch of an event, undefined while it is not filled in. */
function writeEvent(event: EventTrigger, zone: string): JsonObject | undefined {
  if (event.raw) return event.raw;
  if (event.kind === "created") return unified(OBJECT_CREATED, []);
  if (event.kind === "kept" || event.property === "") return undefined;
  const name: JsonObject = {
    filterType: "PROPERTY",
    property: "hs_name",
    operation: { operationType: "STRING", operator: "IS_EQUAL_TO", value: event.property, includeObjectsWithNoValueSet: false },
  };
  const value = event.to ? writeCondition({ ...event.to, property: "hs_value", raw: undefined }, zone) : undefined;
  return unified(PROPERTY_CHANGED, value ? [name, value] : [name]);
}

/** Events as branches of an EVENT_BASED trigger. */
export const writeEvents = (events: readonly EventTrigger[], zone: string): JsonObject[] => events.map((event) => writeEvent(event, zone)).filter((branch) => branch !== undefined);

/** Events as HubSpot writes triggers of re-enrollment: each in an OR of an AND of one. */
export function writeReEnrollment(events: readonly EventTrigger[], zone: string): JsonObject[] {
  return writeEvents(events, zone).map((branch) => ({
    filterBranchType: "OR",
    filterBranchOperator: "OR",
    filters: [],
    filterBranches: [{ filterBranchType: "AND", filterBranchOperator: "AND", filters: [], filterBranches: [branch] }],
  }));
}

export const changedTo = (property: string): EventTrigger => ({ kind: "changed", property, to: null });

/** The condition that a change has to a value, to begin with. */
export const emptyTest = (property: string): Condition => ({ ...newCondition(), property });

/** Criteria of another kind. What the kinds have in common stays. */
export function startCriteria(kind: CriteriaKind, before: Json | undefined): JsonObject {
  const shouldReEnroll = isObject(before) && before.shouldReEnroll === true;
  switch (kind) {
    case "LIST_BASED":
      return { type: kind, shouldReEnroll, unEnrollObjectsNotMeetingCriteria: false, listFilterBranch: { filterBranchType: "OR", filterBranchOperator: "OR", filters: [], filterBranches: [] }, reEnrollmentTriggersFilterBranches: [] };
    case "EVENT_BASED":
      return { type: kind, shouldReEnroll, eventFilterBranches: [], listMembershipFilterBranches: [] };
    default:
      return { type: "MANUAL", shouldReEnroll };
  }
}
