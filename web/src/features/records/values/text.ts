import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { ownersQuery } from "@/api/owners";
import type { PropertyDefinition } from "@/api/properties";
import { useFormats } from "@/i18n/format";
import { chosenOptions, isGrouped, kindOf, optionLabel } from "./kinds";

/** A value as people read it, in the language of the screens: options by label, owners by name, dates in words. */
export function useValueText(): (property: PropertyDefinition | undefined, value: string | null | undefined) => string {
  const { t, i18n } = useTranslation("records");
  const formats = useFormats();
  const { data: owners } = useQuery(ownersQuery);
  const language = i18n.language;
  return useCallback(
    (property, value) => {
      if (value === null || value === undefined || value === "") return "";
      if (!property) return value;
      switch (kindOf(property)) {
        case "number": {
          const number = Number(value);
          // More digits than a double holds are shown as they are stored.
          return Number.isFinite(number) && value.length < 16 && isGrouped(property) ? formats.number(number) : value;
        }
        case "date":
          return dayText(value, language);
        case "moment":
          return Number.isNaN(Date.parse(value)) ? value : formats.moment(value);
        case "truth":
          return t(value === "true" ? "value.yes" : "value.no");
        case "option":
          return optionLabel(property, value);
        case "options":
          return chosenOptions(value).map((one) => optionLabel(property, one)).join(", ");
        case "owner":
          return owners?.find((owner) => owner.id === value)?.name ?? value;
        default:
          return value;
      }
    },
    [t, formats, owners, language],
  );
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** A calendar day belongs to no zone: 2026-03-01 is the first of March everywhere. */
function dayText(value: string, language: string): string {
  const moment = new Date(`${value}T00:00:00Z`);
  if (Number.isNaN(moment.getTime())) return value;
  const locale = language === "en" ? "en-GB" : language;
  let format = dayFormats.get(locale);
  if (!format) dayFormats.set(locale, (format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" })));
  return format.format(moment);
}
