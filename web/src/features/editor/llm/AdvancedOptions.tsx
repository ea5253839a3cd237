import { NumberInput, SegmentedControl } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { useFormats } from "@/i18n/format";
import { AdvancedSection } from "@/ui/schema-form/AdvancedSection";
import type { ProblemAt } from "@/ui/schema-form/widget";
import type { LlmFields } from "./fields";
import classes from "./llm.module.css";
import { effortRefusal, type Model, shownEfforts, temperatureRefusal } from "./refusals";
import { PrivacyOptions } from "./PrivacyOptions";
import { Reason, TemperatureSetting } from "./TemperatureSetting";

interface Props {
  fields: LlmFields;
  model: Model | undefined;
  onChange: (name: string, value: Json) => void;
  problemAt: ProblemAt;
  disabled: boolean;
}

const SETTINGS = ["temperature", "reasoning_effort", "max_output_tokens", "timeout_seconds", "mask", "mask_names", "mask_country", "allow_sensitive"] as const;
const MODEL_DEFAULT = "default";

/** Settings of the call that are mostly left alone; the folded line names those that are set. */
export function AdvancedOptions({ fields, model, onChange, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const id = useId();
  const summary = useSummary(fields);
  const noTemperature = temperatureRefusal(model, fields.effort);
  const noEffort = effortRefusal(model);
  const errorAt = (name: string) => problemAt(name, true)?.message;
  const efforts = shownEfforts(model);
  const unsupported = efforts.some(({ effort, offered }) => effort === fields.effort && !offered);

  return (
    <AdvancedSection summary={summary} opened={disabled || SETTINGS.some((name) => problemAt(name, true)?.severity === "error")}>
      <TemperatureSetting model={model} value={fields.temperature} onChange={(next) => onChange("temperature", next)} refusal={noTemperature} error={errorAt("temperature")} disabled={disabled} />
      <div className={classes.setting} data-field="reasoning_effort">
        <div className={classes.settingHead}>
          <span id={id}>{t("advanced.effort")}</span>
        </div>
        <SegmentedControl
          fullWidth
          aria-labelledby={id}
          data={[{ value: MODEL_DEFAULT, label: t("advanced.modelDefault") }, ...efforts.map(({ effort, offered }) => ({ value: effort, label: t(`effort.${effort}`), disabled: !offered && effort !== fields.effort }))]}
          value={fields.effort ?? MODEL_DEFAULT}
          onChange={(next) => onChange("reasoning_effort", next === MODEL_DEFAULT ? null : next)}
          disabled={disabled || (noEffort !== undefined && fields.effort === null)}
        />
        {noEffort ? <Reason refusal={noEffort} set={fields.effort !== null} /> : (unsupported || efforts.some(({ offered }) => !offered)) && <div className={classes.reason}>{model?.effortNote || t("refusal.someEfforts")}</div>}
      </div>
      <div data-field="max_output_tokens">
        <NumberInput
          label={t("advanced.maxOutputTokens")}
          placeholder={model?.maxOutputTokens ? t("advanced.upTo", { count: model.maxOutputTokens }) : t("advanced.modelDefault")}
          value={fields.maxOutputTokens ?? ""}
          onChange={(next) => onChange("max_output_tokens", next === "" ? null : Number(next))}
          min={1}
          max={model?.maxOutputTokens ?? undefined}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=","
          error={errorAt("max_output_tokens")}
          disabled={disabled}
        />
      </div>
      <div data-field="timeout_seconds">
        <NumberInput
          label={t("advanced.timeout")}
          placeholder={t("advanced.noTimeout")}
          value={fields.timeoutSeconds ?? ""}
          onChange={(next) => onChange("timeout_seconds", next === "" ? null : Number(next))}
          min={1}
          clampBehavior="none"
          allowNegative={false}
          error={errorAt("timeout_seconds")}
          disabled={disabled}
        />
      </div>
      <PrivacyOptions fields={fields} onChange={onChange} errorAt={errorAt} disabled={disabled} />
    </AdvancedSection>
  );
}

/** What differs from the defaults, in the order of the settings. */
function useSummary(fields: LlmFields): string[] {
  const { t } = useTranslation("forms");
  const formats = useFormats();
  const said: (string | undefined)[] = [
    fields.temperature === null ? undefined : t("summary.temperature", { value: formats.number(fields.temperature) }),
    fields.effort === null ? undefined : t(`summary.effort.${fields.effort}`),
    fields.maxOutputTokens === null ? undefined : t("summary.maxOutputTokens", { shown: formats.number(fields.maxOutputTokens), count: fields.maxOutputTokens }),
    fields.timeoutSeconds === null ? undefined : t("summary.timeout", { time: formats.duration(fields.timeoutSeconds) }),
    fields.mask.length + fields.maskNames.length > 0 ? t("summary.masks") : undefined,
    fields.allowSensitive ? t("summary.sensitive") : undefined,
  ];
  return said.filter((one) => one !== undefined);
}
