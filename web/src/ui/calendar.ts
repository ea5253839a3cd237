import "@mantine/dates/styles.css";
import "dayjs/locale/da";
import type { DateInputProps } from "@mantine/dates";
import { useTranslation } from "react-i18next";

/** A calendar's own words, in the language of the screens: names of months and days, and of its buttons. */
export function useCalendarWords(): Pick<DateInputProps, "locale" | "ariaLabels"> {
  const { t, i18n } = useTranslation("ui");
  return {
    locale: i18n.language,
    ariaLabels: {
      monthLevelControl: t("calendar.chooseMonth"),
      yearLevelControl: t("calendar.chooseYear"),
      previousMonth: t("calendar.previousMonth"),
      nextMonth: t("calendar.nextMonth"),
      previousYear: t("calendar.previousYear"),
      nextYear: t("calendar.nextYear"),
      previousDecade: t("calendar.previousDecade"),
      nextDecade: t("calendar.nextDecade"),
    },
  };
}
