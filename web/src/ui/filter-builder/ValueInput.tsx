import { Group, MultiSelect, NumberInput, Select, TagsInput, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DayInput } from "./DayInput";
import type { FilterField } from "./fields";
import { type Operator, UNITS } from "./operators";

interface Props {
  field: FilterField;
  operator: Operator;
  values: readonly string[];
  onChange: (values: string[]) => void;
  disabled?: boolean;
}

const numberOf = (value: string | undefined) => (value === undefined || value === "" ? "" : Number(value));

/** What an operator needs beside it: options, texts, numbers, days or nothing. */
export function ValueInput({ field, operator, values, onChange, disabled }: Props) {
  const { t } = useTranslation("filters");
  const name = t("value.of", { property: field.label });
  const at = (index: number, value: string) => {
    const next = [values[0] ?? "", values[1] ?? ""];
    next[index] = value;
    onChange(next);
  };
  switch (operator.input) {
    case "none":
      return null;
    case "options":
      if (field.options.length > 0) return <OptionsInput field={field} values={values} onChange={onChange} disabled={disabled} name={name} />;
      return <TagsInput aria-label={name} placeholder={values.length ? undefined : t("value.typeAndEnter")} value={[...values]} onChange={onChange} disabled={disabled} acceptValueOnBlur />;
    case "texts":
      return <TagsInput aria-label={name} placeholder={values.length ? undefined : t("value.typeAndEnter")} value={[...values]} onChange={onChange} disabled={disabled} acceptValueOnBlur />;
    case "truth":
      return (
        <Select
          aria-label={name}
          data={[
            { value: "true", label: t("value.yes") },
            { value: "false", label: t("value.no") },
          ]}
          value={values[0] ?? null}
          onChange={(value) => onChange(value === null ? [] : [value])}
          disabled={disabled}
        />
      );
    case "number":
      return <NumberInput aria-label={name} value={numberOf(values[0])} onChange={(value) => onChange([String(value)])} disabled={disabled} hideControls placeholder={t("value.number")} />;
    case "numbers":
      return (
        <Pair and={t("value.and")}>
          <NumberInput aria-label={t("value.lowest", { property: field.label })} value={numberOf(values[0])} onChange={(value) => at(0, String(value))} disabled={disabled} hideControls />
          <NumberInput aria-label={t("value.highest", { property: field.label })} value={numberOf(values[1])} onChange={(value) => at(1, String(value))} disabled={disabled} hideControls />
        </Pair>
      );
    case "day":
      return <DayInput label={name} value={values[0] ?? ""} onChange={(day) => onChange([day])} disabled={disabled} />;
    case "days":
      return (
        <Pair and={t("value.and")}>
          <DayInput label={t("value.firstDay", { property: field.label })} value={values[0] ?? ""} onChange={(day) => at(0, day)} disabled={disabled} />
          <DayInput label={t("value.lastDay", { property: field.label })} value={values[1] ?? ""} onChange={(day) => at(1, day)} disabled={disabled} />
        </Pair>
      );
    case "count":
      return (
        <NumberInput
          aria-label={t("value.daysOf", { property: field.label })}
          value={numberOf(values[0])}
          onChange={(value) => onChange([String(value)])}
          min={0}
          max={999_999}
          allowDecimal={false}
          allowNegative={false}
          disabled={disabled}
          rightSection={<Text size="xs" c="dimmed" pr={8}>{t("value.days")}</Text>}
          rightSectionWidth={48}
        />
      );
    case "unit":
      return (
        <Select
          aria-label={name}
          data={UNITS.map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))}
          value={values[0] ?? null}
          onChange={(value) => onChange(value === null ? [] : [value])}
          disabled={disabled}
        />
      );
  }
}

function OptionsInput({ field, values, onChange, disabled, name }: Pick<Props, "field" | "values" | "onChange" | "disabled"> & { name: string }) {
  const { t } = useTranslation("filters");
  const known = new Set(field.options.map((option) => option.value));
  const data = [...field.options, ...values.filter((value) => !known.has(value)).map((value) => ({ value, label: value }))];
  return (
    <MultiSelect
      aria-label={name}
      placeholder={values.length ? undefined : t("value.choose")}
      data={data}
      value={[...values]}
      onChange={onChange}
      disabled={disabled}
      searchable={data.length > 6}
      limit={100}
      hidePickedOptions
      nothingFoundMessage={t("value.noneFound")}
    />
  );
}

function Pair({ and, children: [first, second] }: { and: string; children: [React.ReactNode, React.ReactNode] }) {
  return (
    <Group gap={6} wrap="nowrap">
      {first}
      <Text size="xs" c="dimmed">
        {and}
      </Text>
      {second}
    </Group>
  );
}
