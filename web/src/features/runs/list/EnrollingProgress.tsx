import { Button, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { useFormats } from "@/i18n/format";
import { sayProblem } from "@/ui/toast";
import { enrollingQuery, useStopEnrolling } from "../queries";
import classes from "./Toolbar.module.css";

/** How long it stays said that all are in. */
const RECENT = 60_000;
/** How long it stays said that not all came in. */
const EARLY_END = 24 * 3_600_000;

/** The enrolling of the records that met the criteria when the workflow was turned on: how far it is, or how it ended. */
export function EnrollingProgress({ flowId }: { flowId: string }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  const { may } = useSession();
  const { data } = useQuery(enrollingQuery(flowId));
  const stop = useStopEnrolling(flowId);
  if (!data) return null;
  const { state, finishedAt, message } = data;
  const enrolled = formats.number(data.enrolled);
  if (state !== "OPEN") {
    if (!finishedAt || Date.now() - new Date(finishedAt).getTime() > (state === "DONE" ? RECENT : EARLY_END)) return null;
    return (
      <div className={classes.progress} role="status">
        {t(`enrolling.${state.toLowerCase()}`, { enrolled, message })}
      </div>
    );
  }
  return (
    <div className={classes.progress} role="status">
      <span>{t("enrolling.under", { enrolled })}</span>
      <Progress className={classes.meter} value={100 * data.lookedAt} aria-label={t("enrolling.progress")} />
      <span>{t("enrolling.share", { share: formats.percent(data.lookedAt) })}</span>
      {may("runs.operate") && (
        <Button size="compact-xs" variant="default" loading={stop.isPending} onClick={() => stop.mutate(undefined, { onError: (error) => sayProblem(error) })}>
          {t("enrolling.stop")}
        </Button>
      )}
    </div>
  );
}
