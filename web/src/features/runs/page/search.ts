/** What the address of a run holds: the step whose details are open. */
export interface RunSearch {
  /** An actionId. */
  step?: string | undefined;
}

export function readRunSearch(raw: Record<string, unknown>): RunSearch {
  const { step } = raw;
  return typeof step === "string" || typeof step === "number" ? { step: String(step) } : {};
}
