import { useTranslation } from "react-i18next";
import { DelayIcon, FailedIcon, LimitsIcon, MoneyIcon, PausedIcon, RunsIcon, SkipIcon, SucceededIcon } from "@/design/icons";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import type { RunState, StepState } from "./list/search";
import { ERROR_BRANCH } from "./page/exits";

export const PAUSED_FOR = "connection:";
export const LIMITED_FOR = "limit:";
export const CAPPED_FOR = "cap:";
export const BATCH_FOR = "batch:";

const RUN_LOOKS: Record<RunState, { tone: Tone; icon: typeof RunsIcon }> = {
  ACTIVE: { tone: "accent", icon: RunsIcon },
  WAITING: { tone: "neutral", icon: DelayIcon },
  PAUSED: { tone: "warning", icon: PausedIcon },
  AT_CAP: { tone: "warning", icon: MoneyIcon },
  AWAITING_TURN: { tone: "neutral", icon: LimitsIcon },
  COMPLETED: { tone: "success", icon: SucceededIcon },
  FAILED: { tone: "error", icon: FailedIcon },
  CANCELED: { tone: "neutral", icon: SkipIcon },
  UNENROLLED: { tone: "neutral", icon: SkipIcon },
};

/** What is shown of a step: its state, and of one that failed whether that stopped the record. */
export type ShownState = StepState | "ASKED_ANOTHER" | "LED_ON";

export const STEP_LOOKS: Record<ShownState, { tone: Tone; icon: typeof RunsIcon }> = {
  COMPLETED: { tone: "success", icon: SucceededIcon },
  FAILED: { tone: "error", icon: FailedIcon },
  RETRYING: { tone: "warning", icon: RunsIcon },
  WAITING: { tone: "neutral", icon: DelayIcon },
  SKIPPED: { tone: "neutral", icon: SkipIcon },
  ASKED_ANOTHER: { tone: "warning", icon: RunsIcon },
  LED_ON: { tone: "warning", icon: FailedIcon },
};

/** A failed call after which another model was asked, and a failed step whose record went on by its path, say so. */
export function shownState({ status, error, detail = null }: { status: StepState; error: Record<string, unknown> | null; detail?: Record<string, unknown> | null }): ShownState {
  if (status === "RETRYING" && error?.asks_another !== undefined) return "ASKED_ANOTHER";
  return status === "FAILED" && detail?.branch === ERROR_BRANCH ? "LED_ON" : status;
}

const KEPT_WAITING = [
  [PAUSED_FOR, "PAUSED"],
  [CAPPED_FOR, "AT_CAP"],
  [LIMITED_FOR, "AWAITING_TURN"],
] as const;

/** Of the waiting runs those have a name of their own that wait for a connection, a cap or their turn, as in the API. */
export function stateOf(run: { status: string; waitFor: string | null }): RunState {
  const kept = run.status === "WAITING" && KEPT_WAITING.find(([prefix]) => run.waitFor?.startsWith(prefix));
  return kept ? kept[1] : (run.status as RunState);
}

/** The connection and model at which a run waits for its turn, within the limits there; null for any other run. */
export function turnOf(run: { status: string; waitFor: string | null; connectionName: string | null }): { connectionId: string; connection: string; model: string } | null {
  if (run.status !== "WAITING" || !run.waitFor?.startsWith(LIMITED_FOR)) return null;
  const [, connectionId = "", ...model] = run.waitFor.split(":");
  return { connectionId, connection: run.connectionName ?? connectionId, model: model.join(":") };
}

/** The connection in whose batch the question of a run is, or will be; null for any other run. */
export function batchOf(run: { status: string; waitFor: string | null; connectionName: string | null }): { connection: string } | null {
  if (run.status !== "WAITING" || !run.waitFor?.startsWith(BATCH_FOR)) return null;
  return { connection: run.connectionName ?? run.waitFor.slice(BATCH_FOR.length) };
}

export function RunStatus({ state }: { state: RunState }) {
  const { t } = useTranslation("runs");
  const { tone, icon: Icon } = RUN_LOOKS[state];
  return (
    <StatusPill tone={tone} icon={<Icon size={14} aria-hidden />}>
      {t(`state.${state}`)}
    </StatusPill>
  );
}

export function StepStatus({ state }: { state: ShownState }) {
  const { t } = useTranslation("runs");
  const { tone, icon: Icon } = STEP_LOOKS[state];
  return (
    <StatusPill tone={tone} icon={<Icon size={14} aria-hidden />}>
      {t(`step.${state}`)}
    </StatusPill>
  );
}
