import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { Spend } from "./queries";
import classes from "./SpendPage.module.css";

/** The figures of the whole span, and how the month will end; the forecast is of all workflows together. */
export function Totals({ spend, whole }: { spend: Spend; whole: boolean }) {
  const { t } = useTranslation("spend");
  const formats = useFormats();
  const { totals, forecast } = spend;
  const figures = [
    {
      name: t("figure.cost"),
      value: formats.money(Number(totals.costUsd)),
      hint: totals.unpricedCalls > 0 && (
        <>
          {t("figure.unpriced", { count: totals.unpricedCalls, number: formats.number(totals.unpricedCalls) })} <Link to="/settings/prices">{t("figure.setPrice")}</Link>
        </>
      ),
    },
    { name: t("figure.calls"), value: formats.number(totals.calls), hint: totals.calls > 0 ? t("figure.failures", { share: formats.percent(totals.failures / totals.calls) }) : "" },
    { name: t("figure.tokens"), value: formats.number(totals.inputTokens + totals.outputTokens), hint: t("figure.tokensHint", { input: formats.number(totals.inputTokens), output: formats.number(totals.outputTokens) }) },
    ...(totals.p50Ms === null ? [] : [{ name: t("figure.latency"), value: formats.duration(totals.p50Ms / 1000), hint: t("figure.p95", { time: formats.duration((totals.p95Ms ?? 0) / 1000) }) }]),
    ...(whole
      ? [
          {
            name: t("figure.forecast"),
            value: forecast.forecastUsd === null ? t("figure.noForecast") : formats.money(Number(forecast.forecastUsd)),
            hint:
              forecast.forecastUsd === null
                ? t("figure.noForecastHint", { spent: formats.money(Number(forecast.spentUsd)) })
                : t("figure.forecastHint", { spent: formats.money(Number(forecast.spentUsd)), mean: formats.money(Number(forecast.dailyMeanUsd)), count: forecast.meanOfDays }),
          },
        ]
      : []),
  ];
  return (
    <dl className={classes.totals}>
      {figures.map(({ name, value, hint }) => (
        <div key={name} className={classes.total}>
          <dt>{name}</dt>
          <dd className={classes.value}>{value}</dd>
          {hint && <dd className={classes.hint}>{hint}</dd>}
        </div>
      ))}
    </dl>
  );
}
