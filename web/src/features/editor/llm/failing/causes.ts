/** On which failures another model is asked: the classes of `fallback_on`, in groups that people can choose between. */
import type { Json } from "@/api/json";

export interface Cause {
  /** Its words: `failing.cause.<name>`. */
  name: string;
  classes: readonly string[];
}

/** Trouble that is the provider's; another one has it hardly ever at the same time. */
const AT_THE_PROVIDER: readonly Cause[] = [
  { name: "down", classes: ["overloaded", "timeout", "connect", "malformed"] },
  { name: "limited", classes: ["rate_limited"] },
  { name: "key", classes: ["authentication", "permission"] },
  { name: "money", classes: ["out_of_money"] },
  { name: "model", classes: ["model_not_found"] },
];

/** What this model does with this step and this record. */
const WITH_THE_STEP: readonly Cause[] = [
  { name: "refused", classes: ["refused", "content_filter"] },
  { name: "answer", classes: ["invalid_answer"] },
  { name: "truncated", classes: ["truncated"] },
  { name: "long", classes: ["context_too_long"] },
  { name: "request", classes: ["invalid_request"] },
  { name: "cap", classes: ["cap_reached"] },
];

export const CAUSES = [
  { name: "provider", causes: AT_THE_PROVIDER },
  { name: "step", causes: WITH_THE_STEP },
] as const;

/** What the server takes where the step says nothing: the provider's trouble. */
export const USUAL: readonly string[] = AT_THE_PROVIDER.flatMap(({ classes }) => classes);

const ALL: readonly string[] = [...USUAL, ...WITH_THE_STEP.flatMap(({ classes }) => classes)];

export function chosenClasses(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : USUAL;
}

/** The classes with a cause's added or taken away, in their usual order; classes that nobody here knows stay. */
export function withCause(chosen: readonly string[], cause: Cause, checked: boolean): string[] {
  const wanted = (one: string) => (cause.classes.includes(one) ? checked : chosen.includes(one));
  return [...ALL.filter(wanted), ...chosen.filter((one) => !ALL.includes(one))];
}

/** The name of the cause that a class belongs to; undefined for one that nobody here knows. */
export function causeOf(name: string): string | undefined {
  return CAUSES.flatMap(({ causes }) => causes).find(({ classes }) => classes.includes(name))?.name;
}
