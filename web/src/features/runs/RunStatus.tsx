import { useTranslation } from "react-i18next";
import { DelayIcon, FailedIcon, PausedIcon, RunsIcon, SkipIcon, SucceededIcon } from "@/design/icons";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import type { RunState, StepState } from "./list/search";

export const PAUSED_FOR = "connection:";
export const LIMITED_FOR = "limit:";

const RUN_LOOKS: Record<RunState, { tone: Tone; icon: typeof RunsIcon }> = {
  ACTIVE: { tone: "accent", icon: RunsIcon },
  WAITING: { tone: "neutral", icon: DelayIcon },
  PAUSED: { tone: "warning", icon: PausedIcon },
  COMPLETED: { tone: "success", icon: SucceededIcon },
  FAILED: { tone: "error", icon: FailedIcon },
  CANCELED: { tone: "neutral", icon: SkipIcon },
  UNENROLLED: { tone: "neutral", icon: SkipIcon },
};

export const STEP_LOOKS: Record<StepState, { tone: Tone; icon: typeof RunsIcon }> = {
  COMPLETED: { tone: "success", icon: SucceededIcon },
  FAILED: { tone: "error", icon: FailedIcon },
  RETRYING: { tone: "warning", icon: RunsIcon },
  WAITING: { tone: "neutral", icon: DelayIcon },
  SKIPPED: { tone: "neutral", icon: SkipIcon },
};

/** A waiting run whose connection needs attention is called paused. */
export function stateOf(run: { status: string; waitFor: string | null }): RunState {
  return run.status === "WAITING" && run.waitFor?.startsWith(PAUSED_FOR) ? "PAUSED" : (run.status as RunState);
}

/** The connection and model at which a run waits for its turn, within the limits there; null for any other run. */
export function turnOf(run: { status: string; waitFor: string | null; connectionName: string | null }): { connectionId: string; connection: string; model: string } | null {
  if (run.status !== "WAITING" || !run.waitFor?.startsWith(LIMITED_FOR)) return null;
  const [, connectionId = "", ...model] = run.waitFor.split(":");
  return { connectionId, connection: run.connectionName ?? connectionId, model: model.join(":") };
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

export function StepStatus({ state }: { state: StepState }) {
  const { t } = useTranslation("runs");
  const { tone, icon: Icon } = STEP_LOOKS[state];
  return (
    <StatusPill tone={tone} icon={<Icon size={14} aria-hidden />}>
      {t(`step.${state}`)}
    </StatusPill>
  );
}
