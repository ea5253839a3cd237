import { DateInput } from "@mantine/dates";
import { useTranslation } from "react-i18next";
import "@mantine/dates/styles.css";

interface Props {
  label: string;
  /** YYYY-MM-DD, or nothing. */
  value: string;
  onChange: (day: string) => void;
  disabled?: boolean;
}

/** A calendar day, typed or picked. */
export function DayInput({ label, value, onChange, disabled }: Props) {
  const { t } = useTranslation("filters");
  return (
    <DateInput
      aria-label={label}
      size="sm"
      valueFormat="YYYY-MM-DD"
      placeholder={t("value.day")}
      value={value || null}
      onChange={(day) => onChange(day ?? "")}
      disabled={disabled}
      clearable={false}
      popoverProps={{ withinPortal: true, shadow: "md" }}
    />
  );
}
