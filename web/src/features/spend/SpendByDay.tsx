import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Section } from "@/ui/Section";
import { DayTable } from "./DayTable";
import { everyDay } from "./every-day";
import type { Spend } from "./queries";
import classes from "./SpendPage.module.css";

const DayChart = lazy(() => import("./DayChart").then((module) => ({ default: module.DayChart })));

/** Spend by day as a chart, with the same figures as a table beneath. */
export function SpendByDay({ spend }: { spend: Spend }) {
  const { t } = useTranslation("spend");
  const formats = useFormats();
  const days = useMemo(() => everyDay(spend), [spend]);
  return (
    <Section title={t("byDay.title")}>
      <div className={classes.chart}>
        <Suspense fallback={<div aria-busy="true" />}>
          <DayChart
            label={t("byDay.chart")}
            days={days.map((day) => ({ day: day.day, cost: Number(day.costUsd) }))}
            series={[{ name: "cost", label: t("figure.cost"), color: "var(--accent)" }]}
            format={formats.money}
          />
        </Suspense>
      </div>
      <DayTable
        days={days}
        columns={[
          { title: t("figure.cost"), cell: (day) => formats.money(Number(day.costUsd)) },
          { title: t("figure.calls"), cell: (day) => formats.number(day.calls) },
          { title: t("column.failures"), cell: (day) => formats.number(day.failures) },
          { title: t("column.input"), cell: (day) => formats.number(day.inputTokens) },
          { title: t("column.output"), cell: (day) => formats.number(day.outputTokens) },
        ]}
      />
    </Section>
  );
}
