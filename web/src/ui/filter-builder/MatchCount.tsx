import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { JsonObject } from "@/api/json";
import { useFormats } from "@/i18n/format";
import classes from "./FilterBuilder.module.css";
import { matchCountQuery } from "./match-count";

interface Props {
  objectType: string;
  filter: JsonObject | null;
}

/** How many records meet a filter now; counted while it is edited, and said quietly. */
export function MatchCount({ objectType, filter }: Props) {
  const { t } = useTranslation("filters");
  const formats = useFormats();
  const [asked] = useDebouncedValue(filter, 400);
  const { data, error } = useQuery({ ...matchCountQuery(objectType, asked), enabled: asked !== null, placeholderData: (before) => before });
  if (filter === null) return null;
  const words = error
    ? t("count.failed")
    : data === undefined
      ? t("count.counting")
      : data.exact
        ? t("count.exact", { count: data.count, shown: formats.number(data.count) })
        : t("count.atLeast", { shown: formats.number(data.count) });
  return (
    <div className={classes.count} role="status">
      {words}
    </div>
  );
}
