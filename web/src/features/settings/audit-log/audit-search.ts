import type { components } from "@/api/schema";

type ActorType = components["schemas"]["AuditEntryShape"]["actorType"];

const ACTOR_TYPES: readonly ActorType[] = ["person", "api_token", "cli", "system"];

/** What the log is filtered by, as the address holds it: `?action=token.created&actor=person:3`. */
export interface AuditSearch {
  action?: string;
  /** A kind of actor, or one person as `person:<id>`. */
  actor?: string;
}

export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const found: AuditSearch = {};
  if (typeof search.action === "string" && search.action !== "") found.action = search.action;
  if (typeof search.actor === "string" && actorOf(search.actor)) found.actor = search.actor;
  return found;
}

/** `person:3` as the API's two parameters; undefined for anything that names no actor. */
export function actorOf(text: string | undefined): { actorType: ActorType; actorId?: string } | undefined {
  const [kind, id] = (text ?? "").split(":");
  const actorType = ACTOR_TYPES.find((type) => type === kind);
  if (!actorType) return undefined;
  return id ? { actorType, actorId: id } : { actorType };
}
