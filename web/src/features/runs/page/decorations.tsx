import type { TFunction } from "i18next";
import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Formats, useFormats } from "@/i18n/format";
import type { CardDecoration, Decorations, TakenExits } from "../../editor/canvas/decoration";
import { type Exit, findAction, START } from "../../editor/model/edges";
import type { Tree } from "../../editor/model/tree";
import type { FlowDocument } from "../../editor/model/types";
import { shownState, STEP_LOOKS } from "../RunStatus";
import type { RunDetails, RunStep } from "../queries";
import { exitTaken } from "./exits";

/** What is shown quicker than this took no time worth a word (seconds). */
export const NOTICEABLE = 0.5;

/** Status, time and cost on each card, and the exits that the record left by. */
export function useRunDecorations(run: RunDetails, document: FlowDocument, tree: Tree): { decorations: Decorations; taken: TakenExits } {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  const before = useRef(new Map<string, { written: string; decoration: CardDecoration }>());
  return useMemo(() => {
    const latest = new Map(run.steps.map((step) => [step.actionId, step]));
    const made = new Map<string, { written: string; decoration: CardDecoration }>();
    for (const { id } of tree.steps) {
      const step = latest.get(id);
      const here = run.nextActionId === id && run.finishedAt === null;
      const written = JSON.stringify([step && [shownState(step), step.attempt, secondsOf(step), step.call?.costUsd], here, run.status, formats.number(1.5), t("step.FAILED")]);
      // The same object while it says the same, so that its card does not render again.
      const kept = before.current.get(id);
      made.set(id, kept?.written === written ? kept : { written, decoration: decorationOf(step, here, run.status, t, formats) });
    }
    before.current = made;

    const taken = new Set<Exit>(run.path.length > 0 || run.nextActionId === document.startActionId ? [START] : []);
    for (const part of run.path) {
      const action = part.left ? findAction(document, part.actionId) : undefined;
      if (action) taken.add(exitTaken(action, part.branch));
    }
    return { decorations: new Map([...made].map(([id, { decoration }]) => [id, decoration])), taken };
  }, [run, document, tree, t, formats]);
}

export function secondsOf(step: RunStep): number {
  if (step.call?.latencyMs != null) return step.call.latencyMs / 1000;
  return Math.max(0, (new Date(step.finishedAt).getTime() - new Date(step.startedAt).getTime()) / 1000);
}

function decorationOf(step: RunStep | undefined, here: boolean, status: string, t: TFunction<"runs">, formats: Formats): CardDecoration {
  if (!step) {
    return here && status === "ACTIVE" ? { pills: [{ text: t("onItsWay"), tone: "accent" }] } : { faded: true };
  }
  const state = shownState(step);
  const { tone, icon: Icon } = STEP_LOOKS[state];
  const seconds = secondsOf(step);
  const cost = step.call?.costUsd;
  return {
    ...(state === "FAILED" ? { badge: { tone: "error" as const, label: t("step.FAILED") } } : {}),
    pills: [
      { text: t(`step.${state}`), tone, icon: <Icon size={12} aria-hidden /> },
      ...(seconds >= NOTICEABLE ? [{ text: formats.duration(seconds), tone: "neutral" as const }] : []),
      ...(cost != null ? [{ text: formats.money(Number(cost)), tone: "neutral" as const }] : []),
    ],
  };
}
