import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { FailedIcon, PlusIcon, RunsIcon } from "@/design/icons";
import { Moment } from "@/ui/Moment";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { Withheld } from "@/ui/Withheld";
import { useLive } from "@/features/runs/live";
import { recordKey } from "../queries/record";
import { type RecordRun, runsOfRecordQuery } from "../queries/runs";
import { EnrollDialog } from "../table/EnrollDialog";
import classes from "./Related.module.css";

const TONES: Record<string, Tone> = { ACTIVE: "accent", WAITING: "accent", COMPLETED: "success", FAILED: "error" };
const INSIDE: readonly string[] = ["ACTIVE", "WAITING"];
const FEW = 5;

/** The workflows that a record is in, with the reason, and those it has been in. */
export function WorkflowsPanel({ objectType, recordId }: { objectType: string; recordId: string }) {
  const { t } = useTranslation("records");
  const { may } = useSession();
  const client = useQueryClient();
  const { data: runs } = useQuery({ ...runsOfRecordQuery(objectType, recordId), enabled: may("runs.read") });
  const [enrolling, setEnrolling] = useState(false);
  const [all, setAll] = useState(false);
  const inside = runs?.filter((run) => INSIDE.includes(run.status)) ?? [];
  const past = runs?.filter((run) => !INSIDE.includes(run.status)) ?? [];
  // What a run writes belongs to this page: values, their history, the timeline.
  useLive(inside[0] ? { runId: inside[0].id } : null, [recordKey(objectType, recordId)]);

  return (
    <section className={classes.card} aria-label={t("workflows.title")}>
      <header className={classes.head}>
        <h2>{t("workflows.title")}</h2>
        <Withheld because={!may("runs.operate") && t("enroll.refused")}>
          <Button variant="subtle" size="compact-xs" leftSection={<PlusIcon size={14} aria-hidden />} onClick={() => setEnrolling(true)}>
            {t("enroll.submit")}
          </Button>
        </Withheld>
      </header>
      {runs === undefined ? (
        <Skeleton h={40} />
      ) : runs.length === 0 ? (
        <p className={classes.none}>{t("workflows.none")}</p>
      ) : (
        <ul className={classes.list}>
          {[...inside, ...(all ? past : past.slice(0, Math.max(0, FEW - inside.length)))].map((run) => (
            <Run key={run.id} run={run} />
          ))}
        </ul>
      )}
      {!all && past.length > Math.max(0, FEW - inside.length) && (
        <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setAll(true)}>
          {t("workflows.past", { count: past.length })}
        </Button>
      )}
      {enrolling && (
        <EnrollDialog
          objectType={objectType}
          which={{ recordIds: [recordId] }}
          number={1}
          words={t("workflows.thisRecord")}
          onClose={() => setEnrolling(false)}
          onDone={() => {
            setEnrolling(false);
            void client.invalidateQueries({ queryKey: ["records", objectType, "record", recordId] });
          }}
        />
      )}
    </section>
  );
}

function Run({ run }: { run: RecordRun }) {
  const { t } = useTranslation("records");
  const begin = run.cause.split(":")[0] ?? "";
  const why = begin === "manual" || begin === "matching" ? begin : "change";
  return (
    <li className={classes.item}>
      <div className={classes.main}>
        <Link to="/workflows/$flowId" params={{ flowId: run.flowId }} className={classes.name}>
          {run.flowName || t("enroll.unnamed", { id: run.flowId })}
        </Link>
        <StatusPill tone={TONES[run.status] ?? "neutral"} icon={run.status === "FAILED" ? <FailedIcon aria-hidden /> : undefined}>
          {t(`runStatus.${run.status}`)}
        </StatusPill>
      </div>
      <div className={classes.secondary}>
        {t(`workflows.why.${why}`)} <Moment at={run.enrolledAt} relative />
      </div>
      {run.status === "WAITING" && run.wakeAt && (
        <div className={classes.secondary}>
          {t("workflows.until")} <Moment at={run.wakeAt} />
        </div>
      )}
      {run.errorMessage && <div className={classes.error}>{run.errorMessage}</div>}
      <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.more}>
        <RunsIcon size={13} aria-hidden />
        {t("workflows.seeRun")}
      </Link>
    </li>
  );
}
