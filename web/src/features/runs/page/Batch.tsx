import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { DelayIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { batchOfRunQuery } from "../queries";
import classes from "./panel.module.css";

/** Says in which batch the question of a run is, and how far that is: it takes its time, and nothing has to be done. */
export function Batch({ runId, connection }: { runId: string; connection: string }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  const { data: batch } = useQuery(batchOfRunQuery(runId));
  return (
    <div className={classes.cause} data-tone="neutral" role="group" aria-label={t("batch.title")}>
      <DelayIcon size={18} aria-hidden />
      <div className={classes.causeWords}>
        <strong>{t("batch.waits", { connection })}</strong>
        {batch && (
          <p>
            <Link to="/batches/$batchId" params={{ batchId: batch.id }}>
              {t("batches.number", { id: batch.id })}
            </Link>
            {": "}
            {t("batch.progress", { answered: formats.number(batch.answered), questions: formats.number(batch.questions) })}
            {batch.submittedAt && (
              <>
                {" "}
                {t("batch.submitted")} <Moment at={batch.submittedAt} />
              </>
            )}
          </p>
        )}
        {batch?.message && <p>{batch.message}</p>}
        <p>{t("batch.explain")}</p>
      </div>
    </div>
  );
}
