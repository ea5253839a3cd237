import { DateInput } from "@mantine/dates";
import { useTranslation } from "react-i18next";
import { useCalendarWords } from "./calendar";
import classes from "./DayFilter.module.css";

interface Props {
  /** What the day is for, for those who do not see the bar: "Enrolled from". */
  label: string;
  /** The same in a word, inside the field: "From". */
  short: string;
  /** YYYY-MM-DD; undefined for no limit. */
  value: string | undefined;
  min?: string | undefined;
  max?: string | undefined;
  /** Whether the day may be taken out. */
  clearable?: boolean;
  onChange: (day: string | undefined) => void;
}

/** One end of a span of days in a bar of filters, typed or picked. */
export function DayFilter({ label, short, value, min, max, clearable = false, onChange }: Props) {
  const { t } = useTranslation("ui");
  return (
    <DateInput
      {...useCalendarWords()}
      size="xs"
      className={classes.day}
      aria-label={label}
      leftSection={short}
      leftSectionPointerEvents="none"
      placeholder={t("calendar.anyDay")}
      valueFormat="D MMM YYYY"
      value={value ?? null}
      minDate={min}
      maxDate={max}
      clearable={clearable}
      clearButtonProps={{ "aria-label": t("action.clear") }}
      onChange={(day) => onChange(day ?? undefined)}
      popoverProps={{ withinPortal: true, shadow: "md" }}
    />
  );
}
