import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { shownState, StepStatus } from "../RunStatus";
import type { LoggedStep } from "../queries";
import classes from "./ListTable.module.css";

/** One step in the action log; it leads to the run, opened at the step. */
export function LogRow({ step, action }: { step: LoggedStep; action: string }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  const cause = typeof step.error?.message === "string" ? step.error.message : "";
  return (
    <tr className={classes.row}>
      <td className={classes.main}>
        <Link to="/runs/$runId" params={{ runId: step.enrollmentId }} search={{ step: step.actionId }}>
          {action}
        </Link>
      </td>
      <td data-title={t("column.record")}>{step.recordName || t("recordOnly", { id: step.recordId })}</td>
      <td className={classes.state} data-title={t("column.state")}>
        <StepStatus state={shownState({ ...step, detail: { branch: step.branch } })} />
        {step.attempt > 1 && <span className={classes.quiet}>{t("attempt", { count: step.attempt })}</span>}
      </td>
      <td className={classes.where} data-title={t("column.model")}>
        {step.model}
        {cause !== "" && (
          <span className={classes.cause} title={cause}>
            {cause}
          </span>
        )}
      </td>
      <td className={classes.figure} data-title={t("column.cost")}>
        {step.costUsd !== null && formats.money(Number(step.costUsd))}
        {step.latencyMs !== null && <span className={classes.quiet}>{formats.duration(step.latencyMs / 1000)}</span>}
      </td>
      <td className={classes.moment} data-title={t("column.at")}>
        <Moment at={step.finishedAt} />
      </td>
    </tr>
  );
}
