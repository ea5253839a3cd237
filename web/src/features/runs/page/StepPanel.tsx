import { Button, CloseButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { useSession } from "@/api/session";
import { UndoIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { Facts } from "@/ui/Facts";
import { Moment } from "@/ui/Moment";
import { titleOf } from "../../editor/describe/describe-step";
import { findAction } from "../../editor/model/edges";
import { stepName } from "../../editor/model/names";
import { asDocument, typeOf } from "../../editor/model/types";
import { useCatalog } from "../../editor/queries";
import { UndoDialog } from "../../undo/UndoDialog";
import { shownState, StepStatus } from "../RunStatus";
import type { RunDetails, RunStep } from "../queries";
import { CallView } from "./CallView";
import { Cause } from "./Cause";
import { NOTICEABLE, secondsOf } from "./decorations";
import { ERROR_BRANCH } from "./exits";
import classes from "./panel.module.css";
import { StepEffects } from "./StepEffects";
import { Values } from "./Values";

const EDIT_RECORD = "0-5";

/** Everything about one action in this run: each attempt with what it was given, what came of it, and what it did. */
export function StepPanel({ run, actionId, onClose }: { run: RunDetails; actionId: string; onClose: () => void }) {
  const { t } = useTranslation(["runs", "editor", "undo"]);
  const catalog = useCatalog();
  const { may } = useSession();
  const [undoing, setUndoing] = useState(false);
  const document = asDocument(run.flow.document as Json);
  const action = findAction(document, actionId);
  const type = action && typeOf(catalog, action);
  const steps = run.steps.filter((step) => step.actionId === actionId);
  const title = (action && stepName(document, actionId)) || (type ? titleOf(type, t) : (steps[0]?.actionTitle ?? t("actionNumbered", { id: actionId })));
  return (
    <div className={classes.panel}>
      <header className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        {may("records.write") && steps.some(wroteValues) && (
          <Button size="compact-sm" variant="default" leftSection={<UndoIcon size={14} aria-hidden />} onClick={() => setUndoing(true)}>
            {t("undo:ofStep.action")}
          </Button>
        )}
        <CloseButton onClick={onClose} aria-label={t("closeStep")} />
      </header>
      {steps.length === 0 && <p className={classes.quiet}>{t(run.nextActionId === actionId && run.finishedAt === null ? "standsHere" : "neverHere")}</p>}
      {steps.toReversed().map((step) => (
        <StepView key={step.id} step={step} objectTypeId={run.objectTypeId} />
      ))}
      {undoing && <UndoDialog title={t("undo:ofStep.title")} selection={{ runId: run.id, actionId }} onClose={() => setUndoing(false)} />}
    </div>
  );
}

/** A step that can have written values: it was done, and it edits records. */
function wroteValues({ status, actionTypeId }: RunStep): boolean {
  return status === "COMPLETED" && actionTypeId === EDIT_RECORD;
}

function StepView({ step, objectTypeId }: { step: RunStep; objectTypeId: string }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  const state = shownState(step);
  const decision = step.detail?.review as { decision: "approved" | "edited" | "rejected"; by: string; reason?: string } | undefined;
  const then = state === "ASKED_ANOTHER" || state === "LED_ON" ? t(`then.${state}`, { model: String(step.error?.model ?? ""), next: String(step.error?.next_model ?? "") }) : undefined;
  return (
    <div className={classes.view} role="group" aria-label={t("attemptOf", { count: step.attempt })}>
      <div className={classes.viewHead}>
        <StepStatus state={state} />
        {step.attempt > 1 && <span className={classes.quiet}>{t("attempt", { count: step.attempt })}</span>}
        <span className={classes.when}>
          <Moment at={step.finishedAt} />
          {secondsOf(step) >= NOTICEABLE && <span>{formats.duration(secondsOf(step))}</span>}
        </span>
      </div>
      {step.error && <Cause error={step.error} tone={state === "FAILED" ? "error" : "warning"} then={then} />}
      {step.call ? <CallView call={step.call} detail={step.detail} /> : <Given inputs={step.inputs} detail={step.detail} />}
      {decision && <p className={classes.note}>{t(`reviewed.${decision.decision}`, { who: decision.by, reason: decision.reason ?? "" })}</p>}
      {step.outputs && <Values title={t("outputs")} values={step.outputs} leaveOut={step.call ? ["text", "hs_model", "hs_prompt_hash", "hs_input_tokens", "hs_output_tokens", "hs_cost_usd", "hs_sources", "hs_source_urls", "hs_searches"] : []} />}
      <StepEffects step={step} objectTypeId={objectTypeId} />
    </div>
  );
}

function Given({ inputs, detail }: Pick<RunStep, "inputs" | "detail">) {
  const { t } = useTranslation("runs");
  const branch = detail && "branch" in detail ? detail.branch : undefined;
  return (
    <>
      {branch !== undefined && <Facts facts={[{ name: t("fact.branch"), value: branch === null ? t("exit.default") : branch === ERROR_BRANCH ? t("editor:path.failed") : String(branch) }]} />}
      {inputs && <Values title={t("inputs")} values={inputs} />}
    </>
  );
}
