import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { AiIcon, ConnectedAppsIcon, FailedIcon, ImportIcon, MailIcon, MoneyIcon, PausedIcon, RetryIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { useCountWords } from "../runs/counting";
import classes from "./AttentionPage.module.css";
import type { Group } from "./queries";
import { Remedies } from "./Remedies";

const LOOKS: Record<Group["kind"], { tone: "error" | "warning"; icon: typeof FailedIcon }> = {
  failed_runs: { tone: "error", icon: FailedIcon },
  paused_runs: { tone: "warning", icon: PausedIcon },
  connection: { tone: "warning", icon: ConnectedAppsIcon },
  retired_model: { tone: "warning", icon: AiIcon },
  failed_mails: { tone: "error", icon: MailIcon },
  failed_import: { tone: "error", icon: ImportIcon },
  stopped_loop: { tone: "warning", icon: RetryIcon },
  cap_reached: { tone: "warning", icon: MoneyIcon },
};

/** One cause: what it is, what it means for the records, whose it is, and what helps. */
export function GroupCard({ group }: { group: Group }) {
  const { t } = useTranslation("attention");
  const count = useCountWords();
  const formats = useFormats();
  const { tone, icon: Icon } = LOOKS[group.kind];
  const ofRuns = group.kind === "failed_runs" || group.kind === "paused_runs" || group.kind === "cap_reached";
  const idle = group.kind === "connection";
  return (
    <article className={classes.card} aria-label={t(`cause.${group.code}.title`, { defaultValue: group.title })}>
      <span className={classes.tile} data-tone={tone} aria-hidden>
        <Icon size={18} />
      </span>
      <div className={classes.body}>
        <div className={classes.head}>
          <h2 className={classes.title}>{t(`cause.${group.code}.title`, { defaultValue: group.title })}</h2>
          {group.count.count > 0 && (
            <span className={classes.count}>{t(ofRuns ? "countRuns" : group.kind === "failed_mails" ? "countMails" : group.kind === "stopped_loop" ? "countRecords" : "countOthers", { count: group.count.count, number: count(group.count) })}</span>
          )}
        </div>
        <div className={classes.where}>
          {group.connectionName && !ofFlow(group) && <Link to="/settings/connected-apps">{group.connectionName}</Link>}
          {group.flows.map((flow) => (
            <Link key={flow.id} to="/workflows/$flowId" params={{ flowId: flow.id }}>
              {flow.name || t("runs:unnamed", { id: flow.id })}
            </Link>
          ))}
          {group.flowId && group.flows.length === 0 && (
            <Link to="/workflows/$flowId" params={{ flowId: group.flowId }} search={group.actionId ? { step: group.actionId } : {}}>
              {group.actionTitle ? t("stepOf", { step: group.actionTitle, workflow: group.flowName }) : group.flowName}
            </Link>
          )}
          {group.newestAt && (
            <span>
              {t("last")} <Moment at={group.newestAt} relative />
            </span>
          )}
        </div>
        <p className={classes.meaning}>{t(idle ? "idle" : group.kind === "cap_reached" ? "capReached" : `cause.${group.code}.meaning`, { defaultValue: group.meaning, day: dayIn(group.meaning, formats.day) })}</p>
        {group.message && <p className={classes.message}>{group.message}</p>}
        {group.kind === "stopped_loop" && (
          <p className={classes.message}>{t("loop.records", { names: group.samples.map((sample) => sample.recordName ?? sample.recordId).join(", ") })}</p>
        )}
        {ofRuns && group.samples.length > 0 && (
          <ul className={classes.samples} aria-label={t("samples")}>
            {group.samples.map((sample) => (
              <li key={sample.id}>
                <Link to="/runs/$runId" params={{ runId: sample.id }}>
                  {sample.recordName || t("runs:recordOnly", { id: sample.recordId })}
                </Link>
              </li>
            ))}
            {group.flowId && group.kind === "failed_runs" && (
              <li>
                <Link
                  to="/workflows/$flowId/runs"
                  params={{ flowId: group.flowId }}
                  search={{ status: ["FAILED"], code: group.code, ...(group.actionId ? { action: group.actionId } : {}) }}
                >
                  {t("showAll", { count: group.count.count, number: count(group.count) })}
                </Link>
              </li>
            )}
          </ul>
        )}
        <Remedies group={group} />
      </div>
    </article>
  );
}

/** The day that a meaning names, in the words of the screens. */
function dayIn(meaning: string, shown: (day: string) => string): string {
  const day = /\d{4}-\d{2}-\d{2}/.exec(meaning)?.[0];
  return day ? shown(day) : "";
}

function ofFlow(group: Group): boolean {
  return group.kind === "failed_runs";
}
