import { Checkbox, MultiSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { useRecordFields } from "../panel/forms/record-fields";
import { type LlmFields, MASKED_KINDS } from "./fields";
import classes from "./llm.module.css";

interface Props {
  fields: LlmFields;
  onChange: (name: string, value: Json) => void;
  errorAt: (name: string) => string | undefined;
  disabled: boolean;
}

/** What of a record the model may not read: sensitive properties, and personal data behind masks. */
export function PrivacyOptions({ fields, onChange, errorAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const { definitions } = useRecordFields();
  const names = definitions.filter((property) => property.type === "string" && !property.hidden).map(({ name, label }) => ({ value: name, label }));
  const missing = fields.maskNames.filter((name) => !names.some(({ value }) => value === name)).map((name) => ({ value: name, label: name }));
  return (
    <>
      <div data-field="mask">
        <MultiSelect
          label={t("privacy.mask")}
          description={t("privacy.maskHelp")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder={fields.mask.length === 0 ? t("privacy.nothing") : undefined}
          data={MASKED_KINDS.map((value) => ({ value, label: t(`privacy.kind.${value}`) }))}
          value={[...fields.mask]}
          onChange={(next) => onChange("mask", next)}
          error={errorAt("mask")}
          disabled={disabled}
        />
      </div>
      <div className={classes.pair}>
        <div data-field="mask_names">
          <MultiSelect
            label={t("privacy.names")}
            placeholder={fields.maskNames.length === 0 ? t("privacy.noNames") : undefined}
            data={[...names, ...missing]}
            value={[...fields.maskNames]}
            onChange={(next) => onChange("mask_names", next)}
            searchable
            error={errorAt("mask_names")}
            disabled={disabled}
          />
        </div>
        {fields.mask.includes("phone") && (
          <div data-field="mask_country">
            <TextInput label={t("privacy.country")} placeholder="DK" maxLength={2} value={fields.maskCountry} onChange={(event) => onChange("mask_country", event.currentTarget.value.toUpperCase())} error={errorAt("mask_country")} disabled={disabled} />
          </div>
        )}
      </div>
      <div data-field="allow_sensitive">
        <Checkbox label={t("privacy.allowSensitive")} description={t("privacy.allowSensitiveHelp")} checked={fields.allowSensitive} onChange={(event) => onChange("allow_sensitive", event.currentTarget.checked)} disabled={disabled} />
      </div>
    </>
  );
}
