/** Keeps the draft on the server as it is here: 0.8 s after the last edit, at once when the page is left. */
import { asProblem } from "@/api/problem";
import type { FlowDocument } from "../model/types";
import type { Checked, EditorStore, Theirs } from "./store";

const DELAY = 800;
const FIRST_RETRY = 2_000;
const LONGEST_RETRY = 30_000;

/** Browsers refuse bodies above 64 KiB in requests that outlive their page (Fetch standard, keepalive). */
const KEEPALIVE_LIMIT = 60_000;

export interface Transport {
  /** Saves a draft over `version`. Throws an ApiProblem; one of status 409 when somebody else saved in between. */
  save: (document: FlowDocument, version: number, keepalive: boolean) => Promise<Checked & { version: number }>;
  /** The draft that stands in the way after a 409. */
  readTheirs: (problem: unknown) => Promise<Theirs>;
}

export interface Autosave {
  /** Saves now what is not saved yet; resolves when it is saved or could not be. */
  flush: (keepalive?: boolean) => Promise<void>;
  /** Saves what is not saved yet and ends; resolves as `flush` does. */
  stop: () => Promise<void>;
}

export function startAutosave(store: EditorStore, transport: Transport): Autosave {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let retryAfter = FIRST_RETRY;

  const dirty = () => store.getState().document !== store.getState().saved;

  const plan = (delay: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), delay);
  };

  const saveOnce = async (keepalive: boolean) => {
    const { document, version, setSaving, noteSaved } = store.getState();
    setSaving({ state: "saving" });
    try {
      const { version: next, ...checked } = await transport.save(document, version, keepalive && JSON.stringify(document).length < KEEPALIVE_LIMIT);
      retryAfter = FIRST_RETRY;
      noteSaved(document, next, checked);
      setSaving({ state: dirty() ? "waiting" : "saved" });
      if (dirty()) plan(DELAY);
    } catch (error) {
      await fail(error);
    }
  };

  const fail = async (error: unknown) => {
    const problem = asProblem(error);
    const { setSaving } = store.getState();
    if (problem.status === 409) {
      try {
        setSaving({ state: "conflict", theirs: await transport.readTheirs(error) });
        return;
      } catch {
        // Their draft could not be read either; saving again asks for it again.
      }
    }
    const passing = problem.status === 0 || problem.status === 409 || problem.status === 429 || problem.status >= 500;
    setSaving({ state: passing ? "offline" : "refused", message: problem.message });
    if (passing) {
      plan(retryAfter);
      retryAfter = Math.min(retryAfter * 2, LONGEST_RETRY);
    }
  };

  const flush = async (keepalive = false): Promise<void> => {
    clearTimeout(timer);
    if (running) {
      await running;
      if (!dirty()) return;
    }
    if (!dirty() || store.getState().saving.state === "conflict" || running) return;
    running = saveOnce(keepalive).finally(() => {
      running = null;
    });
    await running;
  };

  const onHidden = () => {
    if (document.visibilityState === "hidden") void flush(true);
  };
  const onOnline = () => void flush();
  const onLeave = (event: BeforeUnloadEvent) => {
    const { state } = store.getState().saving;
    if (dirty() && (state === "offline" || state === "refused" || state === "conflict")) event.preventDefault();
  };
  document.addEventListener("visibilitychange", onHidden);
  window.addEventListener("online", onOnline);
  window.addEventListener("beforeunload", onLeave);

  const unsubscribe = store.subscribe((state, before) => {
    if (state.document === before.document || !dirty() || state.saving.state === "conflict") return;
    if (!running) state.setSaving({ state: "waiting" });
    plan(DELAY);
  });

  return {
    flush,
    stop: () => {
      const last = flush(true);
      clearTimeout(timer);
      unsubscribe();
      document.removeEventListener("visibilitychange", onHidden);
      window.removeEventListener("online", onOnline);
      window.removeEventListener("beforeunload", onLeave);
      return last;
    },
  };
}
