import { Button, Slider } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./llm.module.css";
import { highestTemperature, type Model, type Refusal } from "./refusals";

interface Props {
  model: Model | undefined;
  value: number | null;
  onChange: (next: number | null) => void;
  refusal: Refusal | undefined;
  error?: string;
  disabled: boolean;
}

/** Where the slider rests while the model's own default holds. */
const RESTS_AT = 1;

/** How much the answers may vary; the scale ends where the model's does. */
export function TemperatureSetting({ model, value, onChange, refusal, error, disabled }: Props) {
  const { t } = useTranslation("forms");
  const highest = highestTemperature(model);
  const off = disabled || refusal !== undefined;
  return (
    <div className={classes.setting} data-field="temperature">
      <div className={classes.settingHead}>
        <span>{t("advanced.temperature")}</span>
        {value !== null && !disabled && (
          <Button variant="subtle" color="gray" size="compact-xs" onClick={() => onChange(null)}>
            {t("advanced.useDefault")}
          </Button>
        )}
      </div>
      <Slider
        thumbLabel={t("advanced.temperature")}
        min={0}
        max={highest}
        step={0.1}
        value={Math.min(value ?? RESTS_AT, highest)}
        onChange={(next) => onChange(Math.round(next * 10) / 10)}
        color={value === null ? "gray" : undefined}
        label={null}
        size="sm"
        thumbSize={16}
        disabled={off}
      />
      <div className={classes.scale}>
        <span>{t("advanced.focused")}</span>
        <span>{value === null ? t("advanced.modelDefault") : value}</span>
        <span>{t("advanced.creative")}</span>
      </div>
      {refusal && <Reason refusal={refusal} set={value !== null} />}
      {error && <div className={classes.failed}>{error}</div>}
    </div>
  );
}

/** Why a setting is greyed, in the provider's terms; when it is set all the same, that it is not sent. */
export function Reason({ refusal, set }: { refusal: Refusal; set: boolean }) {
  const { t } = useTranslation("forms");
  return (
    <div className={classes.reason} role="note">
      {refusal.note || t(refusal.words)}
      {set && ` ${t("refusal.notSent")}`}
    </div>
  );
}
