import { DateInput, DateTimePicker } from "@mantine/dates";
import { MultiSelect, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ownersQuery } from "@/api/owners";
import type { PropertyDefinition } from "@/api/properties";
import { useCalendarWords } from "@/ui/calendar";
import { chosenOptions, kindOf } from "./kinds";
import { fromLocal, toLocal } from "./moments";

interface Props {
  property: PropertyDefinition;
  value: string;
  onChange: (value: string) => void;
  label?: string;
  description?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  autoFocus?: boolean;
  disabled?: boolean;
}

const FEW_OPTIONS = 8; // from here on the list can be searched

/** The field for a value of a property, after its type. Values are HubSpot's text; "" is no value. */
export function ValueInput({ property, value, onChange, label, description, error, required, autoFocus, disabled }: Props) {
  const { t } = useTranslation("records");
  const calendar = useCalendarWords();
  const { data: owners } = useQuery(ownersQuery);
  const kind = kindOf(property);
  const shared = {
    ...(label === undefined ? { "aria-label": property.label } : { label }),
    description,
    error,
    required: required ?? false,
    autoFocus: autoFocus ?? false,
    disabled: disabled ?? false,
    "data-autofocus": autoFocus || undefined,
  };
  switch (kind) {
    case "number":
      return <NumberInput {...shared} value={value} onChange={(next) => onChange(String(next))} hideControls />;
    case "date":
      return <DateInput {...shared} value={value || null} onChange={(next) => onChange(next ?? "")} {...calendar} valueFormat="D MMM YYYY" clearable placeholder={t("value.chooseDate")} />;
    case "moment":
      return (
        <DateTimePicker
          {...shared}
          value={toLocal(value)}
          onChange={(next) => onChange(fromLocal(next))}
          valueFormat="D MMM YYYY HH:mm"
          {...calendar}
          clearable
          placeholder={t("value.chooseMoment")}
        />
      );
    case "truth":
      return (
        <Select
          {...shared}
          data={[
            { value: "true", label: t("value.yes") },
            { value: "false", label: t("value.no") },
          ]}
          value={value || null}
          onChange={(next) => onChange(next ?? "")}
          clearable
          placeholder={t("value.none")}
        />
      );
    case "owner":
      return (
        <Select
          {...shared}
          data={(owners ?? []).filter((owner) => !owner.archived || owner.id === value).map((owner) => ({ value: owner.id, label: owner.name }))}
          value={value || null}
          onChange={(next) => onChange(next ?? "")}
          searchable
          clearable
          placeholder={t("value.noOwner")}
          nothingFoundMessage={t("value.nothingFound")}
        />
      );
    case "option":
      return (
        <Select
          {...shared}
          data={visibleOptions(property, [value])}
          value={value || null}
          onChange={(next) => onChange(next ?? "")}
          searchable={property.options.length > FEW_OPTIONS}
          clearable
          placeholder={t("value.none")}
          nothingFoundMessage={t("value.nothingFound")}
        />
      );
    case "options":
      return (
        <MultiSelect
          {...shared}
          data={visibleOptions(property, chosenOptions(value))}
          value={chosenOptions(value)}
          onChange={(next) => onChange(next.join(";"))}
          searchable
          clearable
          placeholder={value ? "" : t("value.none")}
          nothingFoundMessage={t("value.nothingFound")}
        />
      );
    case "longText":
      return <Textarea {...shared} value={value} onChange={(event) => onChange(event.currentTarget.value)} minRows={3} maxRows={14} />;
    default:
      return <TextInput {...shared} value={value} onChange={(event) => onChange(event.currentTarget.value)} autoComplete="off" />;
  }
}

/** The options one may choose, and those that are chosen although they are hidden by now. */
export function visibleOptions(property: PropertyDefinition, chosen: readonly string[]): { value: string; label: string }[] {
  const known = property.options.filter((option) => !option.hidden || chosen.includes(option.value)).map(({ value, label }) => ({ value, label }));
  const strays = chosen.filter((value) => value !== "" && !known.some((option) => option.value === value)).map((value) => ({ value, label: value }));
  return [...known, ...strays];
}
