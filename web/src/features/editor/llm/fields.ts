import { isObject, type Json, type JsonObject, objectsOf } from "@/api/json";

/** The inputs of *Use a custom LLM* as the form reads them; the server takes numbers as texts too, so does this. */
export interface LlmFields {
  connectionId: string;
  provider: string;
  model: string;
  prompt: string;
  system: string;
  temperature: number | null;
  effort: Effort | null;
  maxOutputTokens: number | null;
  timeoutSeconds: number | null;
  maxAttempts: number | null;
  deadlineSeconds: number | null;
  whenCapReached: WhenCapReached;
  webSearch: boolean;
  searchDomains: readonly string[];
  maxSearches: number;
  knowledge: readonly string[];
  knowledgeQuery: string;
  knowledgePassages: number;
  knowledgeTokens: number;
  allowSensitive: boolean;
  mask: readonly MaskedKind[];
  maskNames: readonly string[];
  maskCountry: string;
}

export const EFFORTS = ["none", "low", "medium", "high"] as const;
export type Effort = (typeof EFFORTS)[number];

export const WHEN_CAP_REACHED = ["wait", "fail"] as const;
export type WhenCapReached = (typeof WHEN_CAP_REACHED)[number];

/** Kinds of personal data that can be masked in what a model reads. */
export const MASKED_KINDS = ["email", "phone", "card", "iban", "national_number"] as const;
export type MaskedKind = (typeof MASKED_KINDS)[number];

export const DEFAULT_ATTEMPTS = 6;
export const DEFAULT_DEADLINE_SECONDS = 86_400;
export const DEFAULT_SEARCHES = 3;
export const DEFAULT_PASSAGES = 5;
export const DEFAULT_KNOWLEDGE_TOKENS = 2_000;

const textOf = (value: Json | undefined): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

const textsOf = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(textOf).filter((text) => text !== "") : []);

function numberOf(value: Json | undefined): number | null {
  const text = textOf(value).trim();
  return text === "" || Number.isNaN(Number(text)) ? null : Number(text);
}

export function readFields(inputs: JsonObject): LlmFields {
  const effort = textOf(inputs.reasoning_effort).trim().toLowerCase();
  return {
    connectionId: textOf(inputs.connection_id),
    provider: textOf(inputs.provider),
    model: textOf(inputs.model),
    prompt: textOf(inputs.prompt),
    system: textOf(inputs.system_prompt),
    temperature: numberOf(inputs.temperature),
    effort: EFFORTS.find((one) => one === effort) ?? null,
    maxOutputTokens: numberOf(inputs.max_output_tokens),
    timeoutSeconds: numberOf(inputs.timeout_seconds),
    maxAttempts: numberOf(inputs.max_attempts),
    deadlineSeconds: numberOf(inputs.deadline_seconds),
    whenCapReached: inputs.when_cap_reached === "fail" ? "fail" : "wait",
    webSearch: inputs.web_search === true,
    searchDomains: textsOf(inputs.search_domains),
    maxSearches: numberOf(inputs.max_searches) ?? DEFAULT_SEARCHES,
    knowledge: textsOf(inputs.knowledge),
    knowledgeQuery: textOf(inputs.knowledge_query),
    knowledgePassages: numberOf(inputs.knowledge_passages) ?? DEFAULT_PASSAGES,
    knowledgeTokens: numberOf(inputs.knowledge_tokens) ?? DEFAULT_KNOWLEDGE_TOKENS,
    allowSensitive: inputs.allow_sensitive === true,
    mask: MASKED_KINDS.filter((kind) => textsOf(inputs.mask).includes(kind)),
    maskNames: textsOf(inputs.mask_names),
    maskCountry: textOf(inputs.mask_country),
  };
}

/** The domain in what somebody pasted: https://Example.com/a?b -> example.com. */
export const bareDomain = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/?#].*$/, "");

export type OutputKind = "text" | "list" | "fields";

export const FIELD_TYPES = ["text", "number", "yes_no", "date", "choice", "choices", "list"] as const;

/** Whether a declared field of this type has options: one of them, or several. */
export const takesOptions = (type: Json | undefined): boolean => type === "choice" || type === "choices";

/** The options of a declared choice: its own, else those of the property that it takes them from. */
export function optionsOf(field: JsonObject, properties: readonly { name: string; options: readonly { value: string; label: string }[] }[]): { value: string; label: string }[] {
  const own = objectsOf(field.options).map((option) => ({ value: String(option.value ?? ""), label: String(option.label || option.value || "") }));
  if (own.length > 0) return own;
  return (properties.find((one) => one.name === field.options_from_property)?.options ?? []).map(({ value, label }) => ({ value, label }));
}

/** What the answer is: free text, one choice, or several fields. A single choice is what the form calls a list. */
export function outputKind(output: Json | undefined): OutputKind {
  if (!isObject(output) || output.type !== "fields") return "text";
  const fields = objectsOf(output.fields);
  return fields.length === 1 && fields[0]?.type === "choice" ? "list" : "fields";
}

/** Names that every answer has already. */
export const RESERVED: readonly string[] = ["text", "hs_model", "hs_prompt_hash", "hs_reviewed_by", "hs_input_tokens", "hs_output_tokens", "hs_cost_usd", "hs_sources", "hs_source_urls", "hs_searches", "hs_knowledge_sources", "hs_cited_sources"];

/** An internal name out of a label: "Næste skridt" -> naeste_skridt. */
export function nameFrom(label: string, taken: readonly string[]): string {
  const plain = label
    .toLowerCase()
    .replace(/æ/g, "ae")
    .replace(/ø/g, "oe")
    .replace(/å/g, "aa")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 60);
  const start = plain === "" ? "field" : /^\d/.test(plain) ? `_${plain}` : plain;
  let name = start;
  for (let count = 2; taken.includes(name) || RESERVED.includes(name); count += 1) name = `${start}_${count}`;
  return name;
}

/** The output in another kind. What was declared is kept, so that going back and forth loses nothing. */
export function withKind(output: Json | undefined, kind: OutputKind, answerLabel: string): JsonObject {
  const before: JsonObject = isObject(output) ? output : {};
  const declared = objectsOf(before.fields);
  if (kind === "text") return { ...before, type: "text" };
  const choice = declared.find((field) => field.type === "choice") ?? {
    name: nameFrom(answerLabel, []),
    label: answerLabel,
    type: "choice",
    required: true,
    options: [],
  };
  if (kind === "list") return { ...before, type: "fields", fields: [choice] };
  return { ...before, type: "fields", fields: declared.length > 0 ? declared : [{ name: nameFrom(answerLabel, []), label: answerLabel, type: "text", required: true }] };
}
