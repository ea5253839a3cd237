import { NumberInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isObject, type JsonObject, objectsOf } from "@/api/json";
import { useFormats } from "@/i18n/format";
import { AdvancedSection } from "@/ui/schema-form/AdvancedSection";
import type { ProblemAt } from "@/ui/schema-form/widget";
import { DEFAULT_ATTEMPTS, DEFAULT_DEADLINE_SECONDS, readFields } from "../fields";
import classes from "../llm.module.css";
import { WaitingOptions } from "../WaitingOptions";
import { Causes } from "./Causes";
import { FailedRecords } from "./FailedRecords";
import { OtherModels } from "./OtherModels";

interface Props {
  actionId: string;
  inputs: JsonObject;
  onChange: (next: JsonObject, path: string) => void;
  problemAt: ProblemAt;
  disabled: boolean;
}

const SETTINGS = ["max_attempts", "deadline_seconds", "when_cap_reached", "fallbacks", "fallback_on", "error_path"] as const;

/** What happens when the call fails: how often and how long it is tried, which other models are asked, and where the record goes. */
export function FailureSection({ actionId, inputs, onChange, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const fields = readFields(inputs);
  const others = objectsOf(inputs.fallbacks);
  const hasPath = isObject(inputs.error_path);
  const summary = useSummary(inputs);
  const errorAt = (name: string) => problemAt(name, true)?.message;
  return (
    <AdvancedSection title={t("failing.title")} summary={summary} opened={disabled || SETTINGS.some((name) => problemAt(name, true)?.severity === "error")}>
      <div data-field="max_attempts">
        <NumberInput
          label={t("advanced.attempts")}
          description={t("failing.attemptsHelp")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={fields.maxAttempts ?? DEFAULT_ATTEMPTS}
          onChange={(next) => onChange({ ...inputs, max_attempts: next === "" ? null : Number(next) }, "max_attempts")}
          min={1}
          max={50}
          allowDecimal={false}
          allowNegative={false}
          error={errorAt("max_attempts")}
          disabled={disabled}
        />
      </div>
      <WaitingOptions fields={fields} onChange={(name, value) => onChange({ ...inputs, [name]: value }, name)} errorAt={errorAt} disabled={disabled} />
      <OtherModels
        connectionId={fields.connectionId}
        others={others}
        onChange={(next) => onChange(next.length > 0 ? { ...inputs, fallbacks: next } : without(inputs, "fallbacks"), "fallbacks")}
        problemAt={problemAt}
        disabled={disabled}
      />
      {others.length > 0 && <Causes value={inputs.fallback_on} onChange={(next) => onChange({ ...inputs, fallback_on: next }, "fallback_on")} error={errorAt("fallback_on")} disabled={disabled} />}
      <FailedRecords actionId={actionId} hasPath={hasPath} error={errorAt("error_path")} disabled={disabled} />
      <div className={classes.reason}>{t("failing.order")}</div>
    </AdvancedSection>
  );
}

function without(inputs: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = inputs;
  return rest;
}

/** What differs from the defaults, the most telling first. */
function useSummary(inputs: JsonObject): string[] {
  const { t } = useTranslation("forms");
  const formats = useFormats();
  const fields = readFields(inputs);
  const others = objectsOf(inputs.fallbacks).length;
  const said: (string | undefined)[] = [
    isObject(inputs.error_path) ? t("failing.summary.path") : undefined,
    others > 0 ? t("failing.summary.others", { count: others }) : undefined,
    fields.maxAttempts === null || fields.maxAttempts === DEFAULT_ATTEMPTS ? undefined : t("summary.attempts", { count: fields.maxAttempts }),
    fields.deadlineSeconds === null || fields.deadlineSeconds === DEFAULT_DEADLINE_SECONDS ? undefined : t("summary.deadline", { time: formats.duration(fields.deadlineSeconds) }),
    fields.whenCapReached === "fail" ? t("summary.failsAtCap") : undefined,
  ];
  return said.filter((one) => one !== undefined);
}
