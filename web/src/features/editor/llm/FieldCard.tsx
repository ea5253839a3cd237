import { ActionIcon, Checkbox, Select, TextInput, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Json, JsonObject } from "@/api/json";
import { CloseIcon } from "@/design/icons";
import type { ProblemAt } from "@/ui/schema-form/widget";
import { DoubtSettings } from "./DoubtSettings";
import { FIELD_TYPES, nameFrom, takesOptions } from "./fields";
import classes from "./llm.module.css";
import { OptionsEditor } from "./OptionsEditor";

interface Props {
  number: number;
  field: JsonObject;
  otherNames: readonly string[];
  onChange: (next: JsonObject, part: string) => void;
  onRemove?: () => void;
  path: string;
  problemAt: ProblemAt;
  disabled: boolean;
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** One field of the answer: what it is called, what it holds, and what the model is told about it. */
export function FieldCard({ number, field, otherNames, onChange, onRemove, path, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const label = textOf(field.label);
  const rename = (next: string) => {
    // The name follows the label until somebody gave it one of its own; later steps refer to it by name.
    const follows = field.name === nameFrom(label, otherNames) || label === "";
    onChange({ ...field, label: next, ...(follows && next.trim() ? { name: nameFrom(next, otherNames) } : {}) }, "label");
  };
  return (
    <div className={classes.fieldCard} role="group" aria-label={t("output.field", { number, name: label })} data-field={path}>
      <div className={classes.fieldLine}>
        <TextInput
          label={t("output.fieldLabel")}
          value={label}
          placeholder={textOf(field.name)}
          onChange={(event) => rename(event.currentTarget.value)}
          error={problemAt(`${path}.name`, false)?.message}
          disabled={disabled}
          autoComplete="off"
        />
        <Select
          label={t("output.fieldType")}
          data={FIELD_TYPES.map((type) => ({ value: type, label: t(`output.type.${type}`) }))}
          value={textOf(field.type) || "text"}
          onChange={(type) => onChange({ ...field, type: type ?? "text" }, "type")}
          disabled={disabled}
        />
        <Tooltip label={t("output.removeField")} disabled={!onRemove}>
          <ActionIcon mb={4} aria-label={t("output.removeFieldOf", { name: label || textOf(field.name) })} onClick={onRemove} disabled={disabled || !onRemove}>
            <CloseIcon size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      <TextInput
        label={t("output.fieldDescription")}
        placeholder={t("output.fieldDescriptionPlaceholder")}
        value={textOf(field.description)}
        onChange={(event) => onChange({ ...field, description: event.currentTarget.value }, "description")}
        disabled={disabled}
        autoComplete="off"
      />
      {takesOptions(field.type) && (
        <OptionsEditor field={field} onChange={(next) => onChange(next, "options")} problem={(problemAt(`${path}.options`, true) ?? problemAt(`${path}.options_from_property`, true))?.message} disabled={disabled} />
      )}
      <DoubtSettings field={field} onChange={onChange} path={path} problemAt={problemAt} disabled={disabled} />
      <Checkbox label={t("output.required")} checked={field.required !== false} onChange={(event) => onChange({ ...field, required: event.currentTarget.checked }, "required")} disabled={disabled} />
    </div>
  );
}
