import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useObjectType } from "@/api/object-types";
import { useSession } from "@/api/session";
import { StatusPill } from "@/ui/StatusPill";
import type { RunStep } from "../queries";
import classes from "./panel.module.css";

/** What a step did to the record and to the world: values written, e-mails and webhooks queued. */
export function StepEffects({ step, objectTypeId }: { step: RunStep; objectTypeId: string }) {
  const { t } = useTranslation("runs");
  const type = useObjectType(objectTypeId);
  const { may } = useSession();
  const outbox = may("outbox.read");
  return (
    <>
      {step.values.length > 0 && (
        <section>
          <h3 className={classes.label}>{t("written")}</h3>
          <ul className={classes.effects}>
            {step.values.map((value) => (
              <li key={value.id}>
                <Link to="/records/$objectType/$recordId" params={{ objectType: type.name, recordId: value.recordId }} className={classes.effectName}>
                  {value.label ?? value.property}
                </Link>
                <span className={classes.change}>
                  <del className={classes.before}>{value.before ?? t("noValue")}</del>
                  <ins className={classes.after}>{value.after ?? t("noValue")}</ins>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {step.mails.length > 0 && (
        <section>
          <h3 className={classes.label}>{t("mails")}</h3>
          <ul className={classes.effects}>
            {step.mails.map((mail) => (
              <li key={mail.id}>
                {outbox ? (
                  <Link to="/settings/email" className={classes.effectName}>
                    {mail.subject || t("noSubject")}
                  </Link>
                ) : (
                  <span className={classes.effectName}>{mail.subject || t("noSubject")}</span>
                )}
                <span className={classes.quiet}>{mail.recipients.join(", ")}</span>
                <StatusPill tone={mail.status === "failed" ? "error" : mail.status === "sent" ? "success" : "neutral"}>{t(`mailState.${mail.status}`, { defaultValue: mail.status })}</StatusPill>
              </li>
            ))}
          </ul>
        </section>
      )}
      {step.webhooks.length > 0 && (
        <section>
          <h3 className={classes.label}>{t("webhooks")}</h3>
          <ul className={classes.effects}>
            {step.webhooks.map((hook) => (
              <li key={hook.id}>
                <span className={classes.effectName}>{t("webhookTo", { method: hook.method, url: hook.url })}</span>
                <StatusPill tone={hook.status === "failed" ? "error" : hook.status === "delivered" ? "success" : "neutral"}>
                  {hook.responseStatus === null ? t(`mailState.${hook.status}`, { defaultValue: hook.status }) : t("answered", { status: hook.responseStatus })}
                </StatusPill>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
