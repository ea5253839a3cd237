import type { Tone } from "@/ui/StatusPill";

const TONES: Record<string, Tone> = { STARTED: "accent", PROCESSING: "accent", DONE: "success", FAILED: "error", CANCELED: "neutral" };

/** How the state of an import is coloured. */
export function stateTone(state: string): Tone {
  return TONES[state] ?? "neutral";
}
