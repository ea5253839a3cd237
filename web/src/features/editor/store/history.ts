/** Undo and redo as past documents, which share what did not change. Pure. */

/** Documents kept for undo. */
const LONGEST = 100;
/** Edits of one field within this time (milliseconds) are one step of undo. */
export const BURST = 900;

export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  /** The field of the last edit and when it was (milliseconds), for merging bursts of typing. */
  last: { key: string; at: number } | null;
}

export function historyOf<T>(present: T): History<T> {
  return { past: [], present, future: [], last: null };
}

/** A new present. An edit with the key of the one before it, soon after it, replaces that one. */
export function record<T>(history: History<T>, present: T, key: string | undefined, now: number): History<T> {
  if (present === history.present) return history;
  const burst = key !== undefined && history.last?.key === key && now - history.last.at <= BURST;
  const past = burst ? history.past : [...history.past, history.present].slice(-LONGEST);
  return { past, present, future: [], last: key === undefined ? null : { key, at: now } };
}

export function undone<T>(history: History<T>): History<T> {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future], last: null };
}

export function redone<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future, last: null };
}
