import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { describeFilter } from "./describe";
import type { FilterField } from "./fields";

/** `describeFilter` in the language of the screens: for branch labels, view chips and summaries. */
export function useDescribeFilter(fields: readonly FilterField[]): (document: Json | undefined) => string {
  const { t, i18n } = useTranslation("filters");
  const language = i18n.language;
  return useCallback(
    (document) => describeFilter({ t, language, fieldOf: (name) => fields.find((field) => field.name === name) }, document),
    [fields, t, language],
  );
}
