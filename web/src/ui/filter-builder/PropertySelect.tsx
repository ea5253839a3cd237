import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type FilterField, groupedOptions } from "./fields";

interface Props {
  fields: readonly FilterField[];
  value: string;
  onChange: (field: FilterField) => void;
  /** The visible label; without one `ariaLabel` names the field. */
  label?: string;
  ariaLabel?: string;
  description?: string;
  error?: string;
  disabled?: boolean;
  required?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
}

/** Rows that the list draws at a time; a search narrows it down. */
const DRAWN = 80;

/** A property (or output) chosen by its label, with a search, under the headings of its groups. */
export function PropertySelect({ fields, value, onChange, label, ariaLabel, description, error, disabled, required, placeholder, autoFocus }: Props) {
  const { t } = useTranslation("filters");
  const data = useMemo(() => {
    const groups = groupedOptions(fields);
    // A property that is gone still shows its name, so that it can be seen and replaced.
    if (value && !fields.some((field) => field.name === value)) groups.push({ group: t("property.missing"), items: [{ value, label: value }] });
    return groups;
  }, [fields, value, t]);
  return (
    <Select
      label={label}
      aria-label={label ? undefined : (ariaLabel ?? t("property.label"))}
      description={description}
      placeholder={placeholder ?? t("property.choose")}
      data={data}
      value={value || null}
      onChange={(name) => {
        const field = fields.find((one) => one.name === name);
        if (field) onChange(field);
      }}
      error={error}
      disabled={disabled}
      required={required}
      withAsterisk={false}
      searchable
      limit={DRAWN}
      maxDropdownHeight={300}
      nothingFoundMessage={t("property.noneFound")}
      data-autofocus={autoFocus}
      comboboxProps={{ shadow: "md" }}
    />
  );
}
