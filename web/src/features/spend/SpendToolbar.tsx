import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { DayFilter } from "@/ui/DayFilter";
import { type Spend, spendQuery } from "./queries";
import type { SpendSearch } from "./search";
import classes from "./SpendPage.module.css";

const SPANS = [7, 30, 90] as const;

interface Props {
  search: SpendSearch;
  spend: Spend;
  onChange: (part: Partial<SpendSearch>) => void;
}

/** Chooses the days and the workflow. */
export function SpendToolbar({ search, spend, onChange }: Props) {
  const { t } = useTranslation("spend");
  const { data: flows } = useQuery(spendQuery({ from: search.from, to: search.to }, ["flow"]));
  const choices = (flows?.rows ?? []).map((row) => ({ value: row.flowId ?? "", label: row.flowName || t("unnamed", { id: row.flowId }) }));
  if (search.flow && !choices.some(({ value }) => value === search.flow)) choices.push({ value: search.flow, label: t("unnamed", { id: search.flow }) });
  const length = Math.round((Date.parse(spend.last) - Date.parse(spend.first)) / 86_400_000) + 1;

  return (
    <div className={classes.toolbar} role="toolbar" aria-label={t("toolbar")}>
      <div className={classes.spans} role="group" aria-label={t("span")}>
        {SPANS.map((days) => (
          <Button
            key={days}
            size="xs"
            px="sm"
            variant={length === days && search.to === undefined ? "light" : "default"}
            aria-pressed={length === days && search.to === undefined}
            onClick={() => onChange({ from: days === 30 ? undefined : dayBefore(spend.last, days - 1), to: undefined })}
          >
            {t("lastDays", { count: days })}
          </Button>
        ))}
      </div>
      <DayFilter label={t("from")} short={t("from")} value={spend.first} max={spend.last} onChange={(from) => from && onChange({ from, to: spend.last })} />
      <DayFilter label={t("to")} short={t("to")} value={spend.last} min={spend.first} onChange={(to) => to && onChange({ from: spend.first, to })} />
      <Select
        size="xs"
        className={classes.flow}
        aria-label={t("workflow")}
        placeholder={t("allWorkflows")}
        searchable
        clearable
        value={search.flow ?? null}
        onChange={(flow) => onChange({ flow: flow ?? undefined })}
        data={choices}
      />
      <span className={classes.zone}>{t("zone", { zone: spend.timeZone })}</span>
    </div>
  );
}

function dayBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}
