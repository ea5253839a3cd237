import { DateInput } from "@mantine/dates";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useCalendarWords } from "../calendar";

interface Props {
  label: string;
  /** YYYY-MM-DD, or nothing. */
  value: string;
  onChange: (day: string) => void;
  disabled?: boolean;
  error?: ReactNode;
}

/** A calendar day, typed or picked. */
export function DayInput({ label, value, onChange, disabled, error }: Props) {
  const { t } = useTranslation("filters");
  return (
    <DateInput
      {...useCalendarWords()}
      aria-label={label}
      size="sm"
      valueFormat="YYYY-MM-DD"
      placeholder={t("value.day")}
      value={value || null}
      onChange={(day) => onChange(day ?? "")}
      disabled={disabled}
      error={error}
      clearable={false}
      popoverProps={{ withinPortal: true, shadow: "md" }}
    />
  );
}
