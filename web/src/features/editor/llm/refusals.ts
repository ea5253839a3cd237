import type { components } from "@/api/schema";
import type { Effort } from "./fields";

export type Model = components["schemas"]["ModelShape"];

/** A key of the catalogue with the provider's own words, when it has some. */
export interface Refusal {
  words: string;
  note: string;
}

/** The highest temperature that any provider takes; models say their own. */
const HIGHEST = 2;

/** Whether the model will reason with this setting. */
const reasons = (model: Model, effort: Effort | null) => (effort === null ? model.reasonsByDefault : effort !== "none");

/** Why a temperature is not sent to this model; undefined when it is. */
export function temperatureRefusal(model: Model | undefined, effort: Effort | null): Refusal | undefined {
  if (!model) return undefined;
  if (model.temperature === null) return { words: "refusal.temperature", note: model.temperatureNote };
  if (model.temperatureNeedsReasoningOff && reasons(model, effort)) {
    return { words: model.efforts.includes("none") ? "refusal.temperatureWhileReasoning" : "refusal.temperature", note: model.temperatureNote };
  }
  return undefined;
}

export const highestTemperature = (model: Model | undefined): number => model?.temperature?.high ?? HIGHEST;

/** Why the model has no reasoning effort to set; undefined when it has. */
export function effortRefusal(model: Model | undefined): Refusal | undefined {
  return model && model.efforts.length === 0 ? { words: "refusal.effort", note: model.effortNote } : undefined;
}

/** The efforts to show: all four for a model that nobody knows, else low to high, and none where it exists. */
export function shownEfforts(model: Model | undefined): { effort: Effort; offered: boolean }[] {
  const offered = (effort: Effort) => model === undefined || model.efforts.includes(effort);
  const named: Effort[] = ["low", "medium", "high"];
  const none: Effort[] = model === undefined || model.efforts.includes("none") ? ["none"] : [];
  return [...named, ...none].map((effort) => ({ effort, offered: offered(effort) }));
}

/** Whether the model is gone already. */
export function isRetired(model: Model, now: number): boolean {
  return model.retiresAt !== null && new Date(model.retiresAt).getTime() <= now;
}

/** USD of a call with so many tokens in and out; undefined where the model's price is not known. */
export function priceOf(model: Model | undefined, tokensIn: number, tokensOut: number): number | undefined {
  if (!model || model.inputUsdPerMtok === null || model.outputUsdPerMtok === null) return undefined;
  return (tokensIn * model.inputUsdPerMtok + tokensOut * model.outputUsdPerMtok) / 1_000_000;
}
