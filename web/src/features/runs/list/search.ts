export const VIEWS = ["log", "batches"] as const;
export type RunsView = (typeof VIEWS)[number];

/** What the address of a workflow's runs holds: which list, and what it is narrowed to. */
export interface RunsSearch {
  view?: RunsView | undefined;
  /** Runs of these statuses. */
  status?: RunState[] | undefined;
  /** Steps of this status, in the action log. */
  step?: StepState | undefined;
  /** The action where runs stand or failed; in the log, whose steps they are. */
  action?: string | undefined;
  code?: string | undefined;
  /** Days such as 2026-11-24, in the viewer's zone; both counted in. */
  from?: string | undefined;
  to?: string | undefined;
}

export const RUN_STATES = ["ACTIVE", "WAITING", "PAUSED", "AT_CAP", "AWAITING_TURN", "COMPLETED", "FAILED", "CANCELED", "UNENROLLED"] as const;
export type RunState = (typeof RUN_STATES)[number];

export const STEP_STATES = ["COMPLETED", "FAILED", "RETRYING", "WAITING", "SKIPPED"] as const;
export type StepState = (typeof STEP_STATES)[number];

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readRunsSearch(raw: Record<string, unknown>): RunsSearch {
  const asked = Array.isArray(raw.status) ? raw.status : [raw.status];
  const status = RUN_STATES.filter((one) => asked.includes(one));
  const step = STEP_STATES.find((one) => one === raw.step);
  const view = VIEWS.find((one) => one === raw.view);
  return {
    ...(view ? { view } : {}),
    ...(status.length > 0 ? { status } : {}),
    ...(step ? { step } : {}),
    ...pick("action", textOf(raw.action)),
    ...pick("code", textOf(raw.code)),
    ...pick("from", dayOf(raw.from)),
    ...pick("to", dayOf(raw.to)),
  };
}

export function isNarrowed(search: RunsSearch): boolean {
  const { status, step, action, code, from, to } = search;
  return Boolean(status?.length || step || action || code || from || to);
}

function pick<Name extends string>(name: Name, value: string): Partial<Record<Name, string>> {
  return value === "" ? {} : ({ [name]: value } as Record<Name, string>);
}

/** Addresses that somebody typed hold numbers where a text is meant: `?action=3`. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function dayOf(value: unknown): string {
  const text = textOf(value);
  return DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : "";
}
