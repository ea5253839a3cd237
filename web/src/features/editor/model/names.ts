/**
 * Names that people give to steps. HubSpot's flow JSON has no place for them, so they stand in the flow's
 * `customProperties`, one text per step under `action_name_<actionId>`.
 */
import type { FlowDocument } from "./types";

const PREFIX = "action_name_";

/** The name given to a step; an empty text when it has none. */
export function stepName(document: FlowDocument, actionId: string): string {
  const name = document.customProperties?.[PREFIX + actionId];
  return typeof name === "string" ? name : "";
}

/** Names a step of a document that may be changed; a blank name takes the name away. */
export function setStepName(document: FlowDocument, actionId: string, name: string): void {
  if (name.trim()) {
    document.customProperties ??= {};
    document.customProperties[PREFIX + actionId] = name;
  } else if (document.customProperties) delete document.customProperties[PREFIX + actionId];
}
