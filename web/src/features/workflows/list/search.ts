/** What the address of the list holds: which workflows are shown, and whether one is being created. */
export interface ListSearch {
  search?: string | undefined;
  state?: FlowState | undefined;
  /** A folder's name; "" are the workflows in none. */
  folder?: string | undefined;
  create?: Creating | undefined;
}

export const STATES = ["on", "off", "draft"] as const;
export type FlowState = (typeof STATES)[number];

export const CREATING = ["scratch", "template", "file"] as const;
export type Creating = (typeof CREATING)[number];

export function readListSearch(raw: Record<string, unknown>): ListSearch {
  const state = STATES.find((one) => one === raw.state);
  const create = raw.create === true ? "scratch" : CREATING.find((one) => one === raw.create);
  return {
    ...(textOf(raw.search) ? { search: textOf(raw.search) } : {}),
    ...(state ? { state } : {}),
    ...(raw.folder === undefined ? {} : { folder: textOf(raw.folder) }),
    ...(create ? { create } : {}),
  };
}

/** Addresses that somebody typed hold numbers and truths where a text is meant: `?search=2026`. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
