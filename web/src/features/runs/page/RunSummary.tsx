import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { type Fact, Facts } from "@/ui/Facts";
import { Moment } from "@/ui/Moment";
import { describeStep } from "../../editor/describe/describe-step";
import { stepName } from "../../editor/model/names";
import { typeOf } from "../../editor/model/types";
import { batchOf, CAPPED_FOR, PAUSED_FOR, shownState, StepStatus, turnOf } from "../RunStatus";
import { RecordLink } from "../RecordLink";
import type { RunDetails } from "../queries";
import { Batch } from "./Batch";
import { Cause } from "./Cause";
import { NOTICEABLE, secondsOf } from "./decorations";
import classes from "./panel.module.css";
import { Turn } from "./Turn";
import { useRunWords } from "./run-words";

/** The run as a whole: what it is about, what it used, and its steps in the order they were taken. */
export function RunSummary({ run, onSelect }: { run: RunDetails; onSelect: (actionId: string) => void }) {
  const { t } = useTranslation(["runs", "editor"]);
  const formats = useFormats();
  const { document, tree, catalog, look } = useRunWords(run);
  // As the cards say them: three times "Edit record" would say nothing.
  const nameOf = (actionId: string): string | undefined => {
    const step = tree.places.get(actionId)?.step;
    if (!step) return undefined;
    const title = stepName(document, actionId) || describeStep(step.action, typeOf(catalog, step.action), look).headline;
    return t("editor:card.numbered", { number: step.number, title });
  };
  const { totals } = run;
  const turn = turnOf(run);
  const batch = batchOf(run);
  const facts: Fact[] = [
    { name: t("fact.record"), value: <RecordLink objectTypeId={run.objectTypeId} recordId={run.recordId} name={run.recordName} /> },
    {
      name: t("fact.workflow"),
      value: (
        <>
          <Link to="/workflows/$flowId" params={{ flowId: run.flowId }}>
            {run.flow.name || t("unnamed", { id: run.flowId })}
          </Link>
          <span className={classes.under}>
            {t(run.revisionId === run.flow.currentRevisionId ? "revisionCurrent" : "revisionOlder", { number: run.revisionId, current: run.flow.currentRevisionId })}
          </span>
        </>
      ),
    },
    { name: t("fact.enrolled"), value: <Moment at={run.enrolledAt} /> },
    { name: t("fact.because"), value: t(`because.${run.cause.split(":", 1)[0]}`, { defaultValue: run.cause }) },
    ...(run.finishedAt ? [{ name: t("fact.finished"), value: <Moment at={run.finishedAt} /> }] : []),
    ...(run.wakeAt ? [{ name: t(turn ? "fact.givesUp" : run.waitFor === "retry" ? "fact.triesAgain" : "fact.goesOn"), value: <Moment at={run.wakeAt} /> }] : []),
    { name: t("fact.took"), value: formats.duration(totals.seconds) },
    ...(totals.calls > 0
      ? [
          { name: t("fact.tokens"), value: t("tokens", { input: formats.number(totals.inputTokens), output: formats.number(totals.outputTokens) }) },
          { name: t("fact.cost"), value: totals.unpricedCalls > 0 ? t("costAtLeast", { cost: formats.money(Number(totals.costUsd)) }) : formats.money(Number(totals.costUsd)) },
        ]
      : []),
  ];
  const capId = run.waitFor?.startsWith(CAPPED_FOR) ? run.waitFor.slice(CAPPED_FOR.length) : null;
  const paused = run.waitFor?.startsWith(PAUSED_FOR) ? run.waitFor.slice(PAUSED_FOR.length) : null;

  return (
    <div className={classes.panel}>
      {turn && <Turn {...turn} />}
      {batch && <Batch runId={run.id} connection={batch.connection} />}
      {run.status === "WAITING" && run.waitFor === "review" && (
        <p className={classes.note}>
          {t("waitsForReview")} <Link to="/reviews" search={{ flow: run.flowId }}>{t("openReviews")}</Link>
        </p>
      )}
      {run.error && run.status !== "COMPLETED" && !turn && <Cause error={run.error} tone={run.status === "FAILED" ? "error" : "warning"} connectionId={paused} capId={capId} />}
      <Facts facts={facts} />
      <section>
        <h2 className={classes.title}>{t("stepsTaken")}</h2>
        {run.steps.length === 0 ? (
          <p className={classes.quiet}>{t("noSteps")}</p>
        ) : (
          <ol className={classes.steps}>
            {run.steps.map((step) => (
              <li key={step.id}>
                <button type="button" className={classes.step} onClick={() => onSelect(step.actionId)}>
                  <span className={classes.stepName}>{nameOf(step.actionId) ?? step.actionTitle ?? step.actionTypeId}</span>
                  <StepStatus state={shownState(step)} />
                  <span className={classes.stepFigures}>
                    {step.call?.costUsd != null && formats.money(Number(step.call.costUsd))}
                    {secondsOf(step) >= NOTICEABLE && <span>{formats.duration(secondsOf(step))}</span>}
                  </span>
                </button>
              </li>
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}
