import { NumberInput, SegmentedControl } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { useFormats } from "@/i18n/format";
import { DEFAULT_DEADLINE_SECONDS, type LlmFields, WHEN_CAP_REACHED } from "./fields";
import classes from "./llm.module.css";

interface Props {
  fields: LlmFields;
  onChange: (name: string, value: Json) => void;
  errorAt: (name: string) => string | undefined;
  disabled: boolean;
}

/** How long a record may wait at the step, and what it does at a spending cap. */
export function WaitingOptions({ fields, onChange, errorAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const id = useId();
  const formats = useFormats();
  return (
    <>
      <div data-field="deadline_seconds">
        <NumberInput
          label={t("advanced.deadline")}
          description={t("advanced.deadlineHelp", { time: formats.duration(fields.deadlineSeconds ?? DEFAULT_DEADLINE_SECONDS) })}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder={String(DEFAULT_DEADLINE_SECONDS)}
          value={fields.deadlineSeconds ?? ""}
          onChange={(next) => onChange("deadline_seconds", next === "" ? null : Number(next))}
          min={1}
          clampBehavior="none"
          allowNegative={false}
          thousandSeparator=","
          hideControls
          error={errorAt("deadline_seconds")}
          disabled={disabled}
        />
      </div>
      <div className={classes.setting} data-field="when_cap_reached">
        <div className={classes.settingHead}>
          <span id={id}>{t("advanced.whenCapReached")}</span>
        </div>
        <SegmentedControl
          fullWidth
          aria-labelledby={id}
          data={WHEN_CAP_REACHED.map((value) => ({ value, label: t(`capReached.${value}`) }))}
          value={fields.whenCapReached}
          onChange={(next) => onChange("when_cap_reached", next)}
          disabled={disabled}
        />
        <div className={classes.reason}>{errorAt("when_cap_reached") ?? t(`capReached.${fields.whenCapReached}Help`)}</div>
      </div>
    </>
  );
}
