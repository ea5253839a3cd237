export interface FlowSettingsSearch {
  /** The dialog that is open: `new`, or the id of a cap. */
  cap?: string;
}

export function readFlowSettingsSearch(search: Record<string, unknown>): FlowSettingsSearch {
  const cap = String(search.cap ?? "");
  return /^(new|\d+)$/.test(cap) ? { cap } : {};
}
