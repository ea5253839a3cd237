/** Whether a retried run takes the workflow as it was when it began, or as it is now. */
export type RevisionToTake = "same" | "current";

const MENDED_IN_THE_STEP = new Set(["CONNECTION_MISSING", "MODEL_MISSING", "MODEL_NOT_FOUND"]);

/** The better choice to begin with: the old step would meet a connection or model that is gone again. */
export function revisionFor(code: string | null | undefined): RevisionToTake {
  return code && MENDED_IN_THE_STEP.has(code) ? "current" : "same";
}
