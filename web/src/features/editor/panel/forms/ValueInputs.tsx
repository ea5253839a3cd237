import { NumberInput, Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isObject, type JsonObject } from "@/api/json";
import type { FilterField } from "@/ui/filter-builder/fields";
import { PropertySelect } from "@/ui/filter-builder/PropertySelect";
import { TokenField } from "../../prompt/TokenField";
import classes from "./forms.module.css";
import { OutputSelect } from "./OutputSelect";
import { useRecordFields } from "./record-fields";
import { StaticInput } from "./StaticInput";
import type { Mode } from "./value-modes";

interface Props {
  mode: Mode;
  label: string;
  value: JsonObject;
  onChange: (next: JsonObject) => void;
  /** The property that the value is written to, when there is one. */
  target: FilterField | undefined;
  error?: ReactNode;
  disabled: boolean;
}

const textOf = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** The input for one source of a value. */
export function ModeInput(props: Props) {
  const { mode, label, value, onChange, error, disabled, target } = props;
  const { t } = useTranslation("forms");
  const { fields } = useRecordFields();
  switch (mode) {
    case "STATIC_VALUE":
      return <StaticInput label={label} value={value} onChange={onChange} target={target} error={error} disabled={disabled} />;
    case "OBJECT_PROPERTY":
      return <PropertySelect ariaLabel={label} fields={fields} value={textOf(value.propertyName)} onChange={(chosen) => onChange({ ...value, propertyName: chosen.name })} error={asText(error)} disabled={disabled} />;
    case "APPEND_OBJECT_PROPERTY":
      return <PropertySelect ariaLabel={label} fields={fields} value={textOf(value.appendPropertyName)} onChange={(chosen) => onChange({ ...value, appendPropertyName: chosen.name })} error={asText(error)} disabled={disabled} />;
    case "FIELD_DATA":
      return <OutputSelect label={label} actionId={textOf(value.actionId)} output={textOf(value.dataKey)} onChange={(actionId, dataKey) => onChange({ ...value, actionId, dataKey })} error={error} disabled={disabled} />;
    case "STATIC_APPEND_VALUE":
      return <TokenField label={label} hideLabel value={textOf(value.staticAppendValue)} onChange={(text) => onChange({ ...value, staticAppendValue: text })} rows={2} error={error} disabled={disabled} />;
    case "INCREMENT":
      return (
        <NumberInput
          aria-label={label}
          description={t("value.incrementHelp")}
          inputWrapperOrder={["input", "error", "description"]}
          value={textOf(value.incrementAmount)}
          onChange={(amount) => onChange({ ...value, incrementAmount: String(amount) })}
          error={error}
          disabled={disabled}
        />
      );
    case "TIMESTAMP":
      return <p className={classes.plain}>{t("value.timestampHelp")}</p>;
    case "RELATIVE_DATETIME":
      return <DelayInput label={label} value={value} onChange={onChange} error={error} disabled={disabled} />;
  }
}

const asText = (error: ReactNode): string | undefined => (typeof error === "string" ? error : undefined);

const DELAY_UNITS = ["MINUTES", "HOURS", "DAYS", "WEEKS", "MONTHS", "YEARS"] as const;

function DelayInput({ label, value, onChange, error, disabled }: Pick<Props, "label" | "value" | "onChange" | "error" | "disabled">) {
  const { t } = useTranslation("forms");
  const delay: JsonObject = isObject(value.timeDelay) ? value.timeDelay : { delta: 1, timeUnit: "DAYS" };
  const delta = Number(delay.delta ?? 0);
  const change = (changes: JsonObject) => onChange({ ...value, timeDelay: { ...delay, ...changes } });
  return (
    <div className={classes.three}>
      <NumberInput aria-label={t("value.amountOf", { field: label })} value={Math.abs(delta)} min={0} allowDecimal={false} allowNegative={false} onChange={(next) => change({ delta: Math.sign(delta || 1) * Number(next || 0) })} error={error} disabled={disabled} />
      <Select aria-label={t("value.unitOf", { field: label })} data={DELAY_UNITS.map((unit) => ({ value: unit, label: t(`choice.${unit}`) }))} value={textOf(delay.timeUnit)} onChange={(unit) => change({ timeUnit: unit })} disabled={disabled} />
      <Select
        aria-label={t("value.directionOf", { field: label })}
        data={[
          { value: "after", label: t("value.afterNow") },
          { value: "before", label: t("value.beforeNow") },
        ]}
        value={delta < 0 ? "before" : "after"}
        onChange={(side) => change({ delta: side === "before" ? -Math.abs(delta) : Math.abs(delta) })}
        disabled={disabled}
      />
    </div>
  );
}
