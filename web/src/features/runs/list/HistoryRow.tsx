import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { RecordLink } from "../RecordLink";
import { batchOf, RunStatus, stateOf, turnOf } from "../RunStatus";
import type { ListedRun } from "../queries";
import classes from "./ListTable.module.css";

/** One run in the list. The status leads to the run, the name to the record. */
export function HistoryRow({ run }: { run: ListedRun }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  const state = stateOf(run);
  const turn = turnOf(run);
  const batch = batchOf(run);
  const cause = typeof run.error?.message === "string" ? run.error.message : "";
  const seconds = (new Date(run.finishedAt ?? run.updatedAt).getTime() - new Date(run.enrolledAt).getTime()) / 1000;
  return (
    <tr className={classes.row}>
      <td className={classes.main}>
        <RecordLink objectTypeId={run.objectTypeId} recordId={run.recordId} name={run.recordName} />
      </td>
      <td className={classes.state} data-title={t("column.state")}>
        <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.open} aria-label={t("openRun", { id: run.id, state: t(`state.${state}`) })}>
          <RunStatus state={state} />
        </Link>
      </td>
      <td className={classes.where} data-title={t("column.where")}>
        {run.nextActionTitle ?? (state === "COMPLETED" ? t("theEnd") : "")}
        {turn && <span className={classes.quiet}>{t("turn.waits", turn)}</span>}
        {batch && <span className={classes.quiet}>{t("batch.waits", batch)}</span>}
        {cause !== "" && state !== "COMPLETED" && !turn && (
          <span className={classes.cause} title={cause}>
            {cause}
          </span>
        )}
        {state === "WAITING" && run.wakeAt && !turn && (
          <span className={classes.quiet}>
            {t("until")} <Moment at={run.wakeAt} />
          </span>
        )}
      </td>
      <td className={classes.moment} data-title={t("column.enrolled")}>
        <Moment at={run.enrolledAt} />
      </td>
      <td className={classes.figure} data-title={t("column.took")}>
        {run.finishedAt ? formats.duration(seconds) : ""}
      </td>
    </tr>
  );
}
