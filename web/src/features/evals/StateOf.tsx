import { Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { StatusPill, type Tone } from "@/ui/StatusPill";

type State = "WAITING" | "RUNNING" | "DONE" | "CANCELED" | "FAILED";

const TONES: Record<State, Tone> = { WAITING: "neutral", RUNNING: "accent", DONE: "success", CANCELED: "neutral", FAILED: "error" };

/** How far a sample or a run of evals is. */
export function StateOf({ state, done, total }: { state: State; done: number; total: number }) {
  const { t } = useTranslation("evals");
  const under = state === "WAITING" || state === "RUNNING";
  return (
    <StatusPill tone={TONES[state]} icon={under ? <Loader size={12} aria-hidden /> : undefined}>
      {under ? t("state.progress", { done, total }) : t(`state.${state}`)}
    </StatusPill>
  );
}
