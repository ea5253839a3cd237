export interface ConnectedAppsSearch {
  /** Opens the dialog that connects an app at once, for the command menu. */
  connect?: true;
  /** The connection whose limits are open. */
  limits?: string;
}

export function readConnectedAppsSearch(search: Record<string, unknown>): ConnectedAppsSearch {
  const id = String(search.limits ?? "");
  return { ...(search.connect === true && { connect: true as const }), ...(/^\d+$/.test(id) && { limits: id }) };
}
