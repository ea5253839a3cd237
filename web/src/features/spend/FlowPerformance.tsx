import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { ErrorCard } from "@/ui/ErrorCard";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { DayTable } from "./DayTable";
import { type Performance, performanceQuery } from "./queries";
import type { SpendSearch } from "./search";
import classes from "./SpendPage.module.css";
import { time } from "./SpendTable";

const DayChart = lazy(() => import("./DayChart").then((module) => ({ default: module.DayChart })));

type Day = Performance["days"][number];

const OUTCOMES = [
  { name: "completed", color: "var(--success)" },
  { name: "failed", color: "var(--error)" },
  { name: "canceled", color: "var(--line-strong)" },
] as const;

/** One workflow: how runs came out by day, and what each of its steps took and cost. */
export function FlowPerformance({ flowId, search }: { flowId: string; search: SpendSearch }) {
  const { t } = useTranslation("spend");
  const formats = useFormats();
  const { data, error, refetch } = useQuery(performanceQuery(flowId, search));
  if (error && data === undefined) return <ErrorCard error={error} title={t("performance.failed")} onRetry={() => void refetch()} />;
  const totals = data?.totals;
  return (
    <>
      <Section
        title={t("performance.title")}
        description={totals && t("performance.totals", { enrolled: formats.number(totals.enrolled), completed: formats.number(totals.completed), failed: formats.number(totals.failed) })}
        actions={
          <Link to="/workflows/$flowId/runs" params={{ flowId }}>
            {t("performance.runs")}
          </Link>
        }
      >
        <div className={classes.chart}>
          <Suspense fallback={null}>
            <DayChart
              label={t("performance.chart")}
              days={(data?.days ?? []).map(({ day, completed, failed, canceled }) => ({ day, completed, failed, canceled }))}
              series={OUTCOMES.map(({ name, color }) => ({ name, color, label: t(`outcome.${name}`) }))}
              format={formats.number}
            />
          </Suspense>
        </div>
        <DayTable
          days={data?.days ?? []}
          columns={(["enrolled", "completed", "failed", "canceled", "unenrolled"] as const).map((name) => ({ title: t(`outcome.${name}`), cell: (day: Day) => formats.number(day[name]) }))}
        />
      </Section>
      <Section title={t("steps.title")}>
        <SimpleTable
          label={t("steps.title")}
          rows={data?.steps}
          rowKey={(step) => step.actionId}
          columns={[
            { title: t("steps.step"), cell: (step) => step.title ?? t("steps.gone", { id: step.actionId }) },
            { title: t("steps.done"), align: "end", cell: (step) => formats.number(step.done) },
            { title: t("outcome.failed"), align: "end", cell: (step) => formats.number(step.failed) },
            { title: t("steps.skipped"), align: "end", cell: (step) => formats.number(step.skipped) },
            { title: t("column.p50"), align: "end", cell: (step) => time(step.p50Ms, formats) },
            { title: t("column.p95"), align: "end", cell: (step) => time(step.p95Ms, formats) },
            { title: t("figure.tokens"), align: "end", cell: (step) => (step.calls > 0 ? formats.number(step.inputTokens + step.outputTokens) : "") },
            { title: t("figure.cost"), align: "end", cell: (step) => (step.calls > 0 ? formats.money(Number(step.costUsd)) : "") },
          ]}
        />
      </Section>
    </>
  );
}
