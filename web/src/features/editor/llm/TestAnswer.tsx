import { useTranslation } from "react-i18next";
import type { components } from "@/api/schema";
import { Passages } from "../../runs/page/Passages";
import { Sources } from "../../runs/page/Sources";
import { RESERVED } from "./fields";
import classes from "./llm.module.css";

type Tried = components["schemas"]["TriedStep"];

interface Props {
  /** undefined when the step was not reached. */
  step: Tried | undefined;
  /** The calls before it that failed, after each of which another model was asked. */
  passed: readonly Tried[];
  /** What stopped the test. */
  error: components["schemas"]["StepFailure"] | null;
}

const shown = (value: unknown): string => (value === null || value === undefined ? "—" : typeof value === "object" ? JSON.stringify(value) : String(value));

/** The answer of a test: the declared fields where there are some, else the text; what went wrong in plain words. */
export function TestAnswer({ step, passed, error }: Props) {
  const { t } = useTranslation("forms");
  const declared = Object.entries(step?.outputs ?? {}).filter(([name]) => !RESERVED.includes(name));
  return (
    <>
      {passed.map((one, index) => (
        <div key={index} className={classes.reason} role="note">
          {t("test.askedAnother", { model: one.model ?? "", reason: one.error?.message ?? "" })}
        </div>
      ))}
      {error && (
        <div className={classes.testError} role="alert">
          {error.message} {error.remedy}
        </div>
      )}
      {declared.length > 0 ? (
        <dl className={`${classes.answer} ${classes.outputs}`} aria-label={t("test.outputs")}>
          {declared.map(([name, value]) => (
            <Row key={name} name={name} value={shown(value)} />
          ))}
        </dl>
      ) : (
        step?.answer && (
          <pre className={classes.answer} aria-label={t("test.answer")}>
            {step.answer}
          </pre>
        )
      )}
      {step && step.sources.length + step.knowledge.length > 0 && (
        <div className={classes.found}>
          <Passages sent={step.knowledge} />
          <Sources found={step.sources} />
        </div>
      )}
      {step?.dropped.map(({ field, reason }) => (
        <div key={field} className={classes.reason} role="note">
          {reason}
        </div>
      ))}
      {step?.warnings.map((warning) => (
        <div key={warning} className={classes.reason} role="note">
          {warning}
        </div>
      ))}
    </>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
