import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import type { ReviewField } from "./queries";

/** A value of a field in words: options by their label, truth values as yes and no. */
export function useShown(): (field: ReviewField, value: unknown) => string {
  const { t } = useTranslation("reviews");
  return (field, value) => {
    if (value === null || value === undefined || value === "") return t("nothing");
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    const label = (one: unknown) => field.options.find((option) => option.value === one)?.label ?? String(one);
    return Array.isArray(value) ? value.map(label).join(", ") : label(value);
  };
}

/** Only what differs from the model's value is sent, so that an approval without edits stays one. */
export function editsOf(fields: readonly ReviewField[], values: Readonly<Record<string, Json>>): Record<string, Json> {
  const edited = fields.filter((field) => field.name in values && JSON.stringify(values[field.name]) !== JSON.stringify(field.value));
  return Object.fromEntries(edited.map((field) => [field.name, values[field.name] ?? null]));
}
