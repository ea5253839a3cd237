import { expect, test } from "vitest";
import type { JsonObject } from "@/api/json";
import welcome from "../../../../../../tests/workflows/flows/welcome_leads.json";
import { changedTo, emptyTest, kindOf, readEvents, startCriteria, writeEvents, writeReEnrollment } from "./criteria";
import { withOperator } from "@/ui/filter-builder/model";

const criteria = (welcome as unknown as { enrollmentCriteria: JsonObject }).enrollmentCriteria;

test("HubSpot's own triggers of re-enrollment are read through their wrappers, and kept as they are", () => {
  const events = readEvents(criteria.reEnrollmentTriggersFilterBranches);
  expect(events).toMatchObject([{ kind: "changed", property: "lifecyclestage", to: { operator: "anyOf", values: ["lead"] } }]);
  expect(writeReEnrollment(events, "UTC")).toEqual(criteria.reEnrollmentTriggersFilterBranches);
});

test("a change to certain values is written as HubSpot's event of a changed property", () => {
  const to = { ...withOperator(emptyTest("ai_urgency"), "anyOf"), values: ["high"] };
  expect(writeEvents([{ kind: "created" }, { kind: "changed", property: "ai_urgency", to }], "UTC")).toEqual([
    { filterBranchType: "UNIFIED_EVENTS", filterBranchOperator: "AND", operator: "HAS_COMPLETED", eventTypeId: "4-1463224", filterBranches: [], filters: [] },
    {
      filterBranchType: "UNIFIED_EVENTS",
      filterBranchOperator: "AND",
      operator: "HAS_COMPLETED",
      eventTypeId: "4-655002",
      filterBranches: [],
      filters: [
        { filterType: "PROPERTY", property: "hs_name", operation: { operationType: "STRING", operator: "IS_EQUAL_TO", value: "ai_urgency", includeObjectsWithNoValueSet: false } },
        { filterType: "PROPERTY", property: "hs_value", operation: { operationType: "ENUMERATION", operator: "IS_ANY_OF", includeObjectsWithNoValueSet: false, values: ["high"] } },
      ],
    },
  ]);
});

test("what is written is read back, half-filled events are left out, strange ones stay", () => {
  const strange = { filterBranchType: "UNIFIED_EVENTS", eventTypeId: "6-1", filters: [], filterBranches: [] };
  const written = writeEvents([changedTo("due"), changedTo(""), ...readEvents([strange])], "UTC");
  expect(written).toHaveLength(2);
  expect(readEvents(written)).toMatchObject([{ kind: "changed", property: "due", to: null }, { kind: "kept", raw: strange }]);
});

test("another kind of trigger starts empty and keeps whether records enroll again", () => {
  expect(kindOf(undefined)).toBe("MANUAL");
  expect(kindOf({ type: "DATASET" })).toBe("OTHER");
  expect(startCriteria("EVENT_BASED", { type: "MANUAL", shouldReEnroll: true })).toMatchObject({ type: "EVENT_BASED", shouldReEnroll: true, eventFilterBranches: [] });
});
