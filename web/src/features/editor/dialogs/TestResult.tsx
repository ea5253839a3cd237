import { Text } from "@mantine/core";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FailedIcon, SucceededIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { StatusPill } from "@/ui/StatusPill";
import { useStepTitle } from "../describe/use-step-title";
import type { FlowTest } from "../queries";
import { useEditor } from "../store/context";
import classes from "./TestResult.module.css";

/** What one record would have met: each step, what would have changed, what would have been sent, what it cost. */
export function TestResult({ result }: { result: FlowTest }) {
  const { t } = useTranslation("editor");
  const formats = useFormats();
  const { look } = useStepTitle();
  const changed = Object.keys(result.after).filter((name) => result.after[name] !== result.before[name]);
  const failed = result.error !== null || result.status === "FAILED";
  return (
    <section aria-label={t("test.result")} className={classes.result} role="status">
      <div className={classes.summary}>
        <StatusPill tone={failed ? "error" : "success"} icon={failed ? <FailedIcon /> : <SucceededIcon />}>
          {t(failed ? "test.stopped" : "test.went")}
        </StatusPill>
        <StatusPill tone="neutral">{t("test.nothingWritten")}</StatusPill>
        <span className={classes.cost}>
          {t("test.cost", { seconds: formats.duration(result.seconds), usd: result.costUsd === null ? t("test.noPrice") : formats.money(Number(result.costUsd)) })}
        </span>
      </div>
      {result.error && !result.steps.some((step) => step.error) && (
        <p className={classes.error} role="alert">
          {result.error.message} {result.error.remedy}
        </p>
      )}
      <Part title={t("test.steps")}>
        <ol className={classes.steps}>
          {result.steps.map((step, index) => (
            <TestedStep key={`${step.actionId} ${index}`} step={step} />
          ))}
        </ol>
      </Part>
      {changed.length > 0 && (
        <Part title={t("test.values")}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th>{t("test.property")}</th>
                <th>{t("test.before")}</th>
                <th>{t("test.after")}</th>
              </tr>
            </thead>
            <tbody>
              {changed.map((name) => (
                <tr key={name}>
                  <td>{look.property(name)}</td>
                  <td className={classes.before}>{look.option(name, result.before[name] ?? "") || t("test.empty")}</td>
                  <td>{look.option(name, result.after[name] ?? "") || t("test.empty")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Part>
      )}
      {(result.mails.length > 0 || result.webhooks.length > 0) && (
        <Part title={t("test.notSent")}>
          <ul className={classes.steps}>
            {result.mails.map((mail) => (
              <li key={`${mail.subject} ${mail.recipients.join()}`}>
                <Text size="sm" fw={500}>
                  {mail.subject}
                </Text>
                <Text size="xs" c="dimmed">
                  {t("test.mailTo", { recipients: mail.recipients.join(", ") })}
                </Text>
              </li>
            ))}
            {result.webhooks.map((hook) => (
              <li key={`${hook.method} ${hook.url}`}>
                <Text size="sm" className="mono">
                  {hook.method} {hook.url}
                </Text>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className={classes.title}>{title}</h3>
      {children}
    </div>
  );
}

function TestedStep({ step }: { step: FlowTest["steps"][number] }) {
  const { t } = useTranslation("editor");
  const formats = useFormats();
  const { titleOf } = useStepTitle();
  const drawn = useEditor((state) => state.tree.places.get(step.actionId)?.step);
  const facts = [
    step.inputTokens === null ? null : t("test.tokens", { input: formats.number(step.inputTokens), output: formats.number(step.outputTokens ?? 0) }),
    step.seconds === null ? null : formats.duration(step.seconds),
    step.costUsd === null ? null : formats.money(Number(step.costUsd)),
  ].filter((fact) => fact !== null);
  const failed = step.error !== null;
  return (
    <li className={classes.step}>
      <span className={classes.icon} data-failed={failed || undefined}>
        {failed ? <FailedIcon size={16} aria-label={t("test.stepFailed")} /> : <SucceededIcon size={16} aria-label={t("test.stepDone")} />}
      </span>
      <div className={classes.stepWords}>
        <Text size="sm" fw={500}>
          {drawn ? titleOf(drawn) : step.title}
        </Text>
        {step.answer !== null && <p className={classes.answer}>{step.answer}</p>}
        {step.error && (
          <Text size="xs" c="var(--error)">
            {step.error.message} {step.error.remedy}
          </Text>
        )}
        {[...step.warnings, ...step.dropped.map(({ reason }) => reason)].map((warning) => (
          <Text key={warning} size="xs" c="dimmed">
            {warning}
          </Text>
        ))}
      </div>
      <span className={classes.facts}>{facts.join(" · ")}</span>
    </li>
  );
}
