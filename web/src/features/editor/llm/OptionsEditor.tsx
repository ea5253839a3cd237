import { SegmentedControl, Stack, TagsInput, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type JsonObject, objectsOf } from "@/api/json";
import { PropertySelect } from "@/ui/filter-builder/PropertySelect";
import { useRecordFields } from "../panel/forms/record-fields";

interface Props {
  /** A declared field of type choice. */
  field: JsonObject;
  onChange: (next: JsonObject) => void;
  problem?: string;
  disabled: boolean;
}

/** What the model may choose from: the options of a property, which stay in step with it, or a list of one's own. */
export function OptionsEditor({ field, onChange, problem, disabled }: Props) {
  const { t } = useTranslation("forms");
  const { fields } = useRecordFields();
  const own = objectsOf(field.options);
  const property = typeof field.options_from_property === "string" ? field.options_from_property : "";
  const [picked, setPicked] = useState<"property" | "own">();
  const source = picked ?? (own.length > 0 ? "own" : "property");
  const withOptions = fields.filter((one) => one.type === "enumeration" && one.options.length > 0);
  const chosen = withOptions.find((one) => one.name === property);
  const { options: _options, options_from_property: _property, ...rest } = field;

  return (
    <Stack gap={6}>
      <SegmentedControl
        size="xs"
        aria-label={t("options.source")}
        data={[
          { value: "property", label: t("options.fromProperty") },
          { value: "own", label: t("options.own") },
        ]}
        value={source}
        onChange={(next) => {
          setPicked(next as "property" | "own");
          // The server takes listed options before those of a property, so only one of the two is kept.
          if (next === "own" && chosen) onChange({ ...rest, options: chosen.options.map(({ value, label }) => ({ value, label })) });
        }}
        disabled={disabled}
      />
      {source === "property" ? (
        <PropertySelect
          ariaLabel={t("options.property")}
          fields={withOptions}
          value={property}
          onChange={(next) => {
            setPicked("property");
            onChange({ ...rest, options: [], options_from_property: next.name });
          }}
          placeholder={t("options.chooseProperty")}
          error={problem}
          disabled={disabled}
        />
      ) : (
        <TagsInput
          aria-label={t("options.list")}
          placeholder={own.length > 0 ? undefined : t("options.typeAndEnter")}
          value={own.map((option) => String(option.value ?? ""))}
          onChange={(values) => onChange({ ...rest, options: values.map((value) => own.find((option) => option.value === value) ?? { value, label: value }) })}
          error={problem}
          disabled={disabled}
          acceptValueOnBlur
        />
      )}
      {source === "property" && chosen && (
        <Text size="xs" c="dimmed">
          {t("options.shown", { options: chosen.options.map((option) => option.label).join(", ") })}
        </Text>
      )}
    </Stack>
  );
}
