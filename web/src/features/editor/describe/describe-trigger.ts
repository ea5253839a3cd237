/** When records enroll, in two lines for the trigger's card. */
import { isObject, type Json, type JsonObject, objectsOf } from "@/api/json";
import type { Description, Lookup } from "./describe-step";

/** HubSpot's ids of the two event types that enroll here. */
const PROPERTY_CHANGED = "4-655002";
const OBJECT_CREATED = "4-1463224";

export function describeTrigger(criteria: JsonObject | null | undefined, look: Lookup): Description {
  const { t } = look;
  switch (criteria?.type) {
    case "MANUAL":
      return { headline: t("editor:trigger.manual"), detail: t("editor:trigger.manualDetail") };
    case "LIST_BASED": {
      const sentence = look.filter(criteria.listFilterBranch);
      return sentence ? { headline: t("editor:trigger.filter"), detail: sentence } : { headline: t("editor:trigger.setUp"), detail: t("editor:trigger.noFilter") };
    }
    case "EVENT_BASED": {
      const events = objectsOf(criteria.eventFilterBranches).map((event) => describeEvent(event, look));
      if (events.length === 0) return { headline: t("editor:trigger.setUp"), detail: t("editor:trigger.noEvent") };
      const refined = look.filter(criteria.refinementCriteria);
      return {
        headline: look.either(events),
        detail: refined ? t("editor:trigger.refined", { filter: refined }) : t("editor:trigger.event"),
      };
    }
    case undefined:
      return { headline: t("editor:trigger.setUp"), detail: t("editor:trigger.none") };
    default:
      return { headline: t("editor:trigger.other", { type: String(criteria?.type) }), detail: t("editor:card.kept") };
  }
}

function describeEvent(event: JsonObject, { t, property }: Lookup): string {
  if (event.eventTypeId === OBJECT_CREATED) return t("editor:trigger.created");
  if (event.eventTypeId !== PROPERTY_CHANGED) return t("editor:trigger.otherEvent", { event: String(event.eventTypeId) });
  const names = objectsOf(event.filters).find((filter) => filter.property === "hs_name");
  const operation: Json | undefined = names?.operation;
  const named = isObject(operation) ? (operation.value ?? (Array.isArray(operation.values) ? operation.values[0] : undefined)) : undefined;
  return typeof named === "string" ? t("editor:trigger.changed", { property: property(named) }) : t("editor:trigger.anyChanged");
}
