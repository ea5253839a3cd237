import { Link } from "@tanstack/react-router";
import type { ComponentType, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useObjectTypes } from "@/api/object-types";
import type { PropertyDefinition } from "@/api/properties";
import { AiIcon, DeleteIcon, FailedIcon, LinkIcon, MailIcon, PlusIcon, RenameIcon, SucceededIcon, UndoIcon, WebhookIcon, WorkflowsIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import type { TimelineEvent } from "../contract";
import { SourceLine } from "../sources/SourceLine";
import { useValueText } from "../values/text";
import classes from "./Timeline.module.css";

interface Props {
  event: TimelineEvent;
  objectType: string;
  properties: ReadonlyMap<string, PropertyDefinition>;
}

type IconType = ComponentType<{ size?: number; "aria-hidden"?: boolean }>;

function iconOf(event: TimelineEvent): { icon: IconType; tone: string } {
  switch (event.kind) {
    case "values":
      return event.source?.workflow?.model ? { icon: AiIcon, tone: "ai" } : { icon: RenameIcon, tone: "crm" };
    case "run_began":
      return { icon: WorkflowsIcon, tone: "branch" };
    case "run_ended":
      return event.run?.status === "FAILED" ? { icon: FailedIcon, tone: "error" } : { icon: SucceededIcon, tone: "branch" };
    case "mail":
      return { icon: MailIcon, tone: event.mail?.status === "failed" ? "error" : "communication" };
    case "webhook":
      return { icon: WebhookIcon, tone: event.webhook?.status === "failed" ? "error" : "communication" };
    case "associated":
    case "dissociated":
      return { icon: LinkIcon, tone: "crm" };
    case "archived":
      return { icon: DeleteIcon, tone: "plain" };
    case "restored":
      return { icon: UndoIcon, tone: "plain" };
    default:
      return { icon: PlusIcon, tone: "plain" };
  }
}

/** One event of a record's timeline: what happened, who did it, and what it led to. */
export function TimelineItem({ event, objectType, properties }: Props) {
  const formats = useFormats();
  const { icon: Icon, tone } = iconOf(event);
  return (
    <li className={classes.event}>
      <span className={classes.icon} data-tone={tone}>
        <Icon size={15} aria-hidden />
      </span>
      <div className={classes.body}>
        <div className={classes.line}>
          <What event={event} />
          <time className={classes.at} dateTime={event.at} title={formats.exactMoment(event.at)}>
            {formats.timeOfDay(event.at)}
          </time>
        </div>
        <Details event={event} properties={properties} />
        {event.source && (
          <div className={classes.by}>
            <SourceLine source={event.source} objectType={objectType} />
          </div>
        )}
      </div>
    </li>
  );
}

function What({ event }: { event: TimelineEvent }) {
  const { t } = useTranslation("records");
  const { mail, webhook, values, moreValues } = event;
  const words = mail
    ? t(`timeline.mailIs.${mail.status}`)
    : webhook
      ? t(`timeline.webhookIs.${webhook.status}`)
      : t(`timeline.did.${event.kind}`, { count: values ? values.length + (moreValues ?? 0) : 1 });
  return <span className={classes.what}>{words}</span>;
}

function Details({ event, properties }: { event: TimelineEvent; properties: ReadonlyMap<string, PropertyDefinition> }): ReactNode {
  const { t } = useTranslation("records");
  const text = useValueText();
  const types = useObjectTypes();
  const { values, run, mail, webhook, association } = event;
  if (values && values.length > 0) {
    return (
      <dl className={classes.values}>
        {values.map((change) => {
          const property = properties.get(change.property);
          const before = text(property, change.before) || t("value.none");
          const after = text(property, change.after) || t("value.none");
          return (
            <div key={change.property}>
              <dt>{change.label}</dt>
              <dd>
                {change.before !== null && (
                  <>
                    <del>{before}</del> <span aria-hidden>→</span>{" "}
                  </>
                )}
                <ins>{after}</ins>
              </dd>
            </div>
          );
        })}
        {(event.moreValues ?? 0) > 0 && <p className={classes.more}>{t("timeline.moreValues", { count: event.moreValues ?? 0 })}</p>}
      </dl>
    );
  }
  if (run) {
    return (
      <>
        <Link to="/runs/$runId" params={{ runId: run.id }}>
          {run.flowName}
        </Link>
        {event.kind === "run_ended" && <span className={classes.state}>{t(`runStatus.${run.status}`)}</span>}
        {run.errorMessage && <p className={classes.error}>{run.errorMessage}</p>}
      </>
    );
  }
  if (mail) {
    return (
      <>
        <div>{mail.subject}</div>
        <div className={classes.more}>{t(mail.status === "kept" ? "timeline.keptTo" : "timeline.mailTo", { recipients: mail.recipients.join(", ") })}</div>
      </>
    );
  }
  if (webhook) {
    const { method, host, responseStatus: status } = webhook;
    return <div className={classes.more}>{status === null ? t("timeline.webhookTo", { method, host }) : t("timeline.webhookAnswered", { method, host, status })}</div>;
  }
  if (association) {
    return (
      <Link
        to="/records/$objectType/$recordId"
        params={{ objectType: types.find((type) => type.id === association.objectTypeId)?.name ?? association.objectTypeId, recordId: association.recordId }}
      >
        {association.label ? t("timeline.labelled", { name: association.name, label: association.label }) : association.name}
      </Link>
    );
  }
  return null;
}
