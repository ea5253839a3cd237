import { NumberInput, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Json, JsonObject } from "@/api/json";
import type { ProblemAt } from "@/ui/schema-form/widget";
import { useRecordFields } from "../panel/forms/record-fields";
import { optionsOf, takesOptions } from "./fields";
import classes from "./llm.module.css";

interface Props {
  field: JsonObject;
  onChange: (next: JsonObject, part: string) => void;
  path: string;
  problemAt: ProblemAt;
  disabled: boolean;
}

/** When somebody looks at this field before the record goes on, and what stands in for an answer that is none. */
export function DoubtSettings({ field, onChange, path, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const { fields } = useRecordFields();
  const below = typeof field.review_below === "number" ? field.review_below : null;
  const fallback = typeof field.fallback === "string" && field.fallback !== "" ? field.fallback : null;
  const choice = takesOptions(field.type);
  const set = (name: string, value: Json) => onChange({ ...field, [name]: value }, name);
  const error = problemAt(`${path}.fallback`, true)?.message;
  return (
    <div className={classes.pair}>
      <NumberInput
        label={t("doubt.below")}
        placeholder={t("doubt.never")}
        suffix=" %"
        min={0}
        max={100}
        allowDecimal={false}
        value={below === null ? "" : Math.round(below * 100)}
        onChange={(next) => set("review_below", next === "" ? null : Number(next) / 100)}
        error={problemAt(`${path}.review_below`, true)?.message}
        disabled={disabled}
      />
      {choice ? (
        <Select label={t("doubt.fallbackOption")} placeholder={t("doubt.none")} data={optionsOf(field, fields)} value={fallback} onChange={(next) => set("fallback", next)} clearable error={error} disabled={disabled} />
      ) : (
        below !== null && <TextInput label={t("doubt.fallback")} placeholder={t("doubt.empty")} value={fallback ?? ""} onChange={(event) => set("fallback", event.currentTarget.value || null)} error={error} disabled={disabled} autoComplete="off" />
      )}
    </div>
  );
}
