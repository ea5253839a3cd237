import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PausedIcon, WarningIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill } from "@/ui/StatusPill";
import classes from "./LimitsDialog.module.css";
import type { ModelLimits } from "./queries";

/** A line for each model that was called: its limits and who named them, how fast calls go out, how many runs wait. */
export function ModelPaces({ models }: { models: readonly ModelLimits[] }) {
  const { t } = useTranslation("connections");
  const formats = useFormats();
  if (models.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("limits.noModels")}
      </Text>
    );
  }
  return (
    <SimpleTable
      label={t("limits.byModel")}
      minWidth={600}
      rows={models}
      rowKey={(one) => one.model}
      columns={[
        { title: t("limits.column.model"), cell: (one) => <span className="mono">{one.model}</span> },
        { title: t("limits.column.limits"), cell: (one) => <Named one={one} /> },
        { title: t("limits.column.now"), cell: (one) => <Now one={one} /> },
        {
          title: t("limits.column.waiting"),
          align: "end",
          cell: (one) => <span className="tabular">{one.waiting.exact ? formats.number(one.waiting.count) : t("limits.atLeast", { amount: formats.number(one.waiting.count) })}</span>,
        },
      ]}
    />
  );
}

function Named({ one }: { one: ModelLimits }) {
  const { t } = useTranslation("connections");
  const formats = useFormats();
  if (one.source === null) return <span className={classes.quiet}>{t("limits.unknown")}</span>;
  return (
    <div className={classes.lines}>
      {one.requestsPerMinute !== null && <span className="tabular">{t("limits.requests", { amount: formats.number(Math.round(one.requestsPerMinute)) })}</span>}
      {one.tokensPerMinute !== null && <span className="tabular">{t("limits.tokens", { amount: formats.number(Math.round(one.tokensPerMinute)) })}</span>}
      <span className={classes.quiet}>{t(`limits.source.${one.source}`)}</span>
    </div>
  );
}

function Now({ one }: { one: ModelLimits }) {
  const { t } = useTranslation("connections");
  const formats = useFormats();
  if (one.closedUntil !== null) {
    return (
      <div className={classes.lines}>
        <StatusPill tone="warning" icon={<PausedIcon aria-hidden />}>
          <span title={formats.exactMoment(one.closedUntil)}>{t("limits.closed", { time: formats.timeOfDay(one.closedUntil) })}</span>
        </StatusPill>
        <span className={classes.quiet}>{t("limits.asked")}</span>
      </div>
    );
  }
  return (
    <div className={classes.lines}>
      <span className="tabular">{one.callsPerMinute === null ? t("limits.free") : t("limits.calls", { amount: formats.number(Math.round(one.callsPerMinute)) })}</span>
      {one.callsPerMinute !== null && <span className={classes.quiet}>{t("limits.each", { amount: formats.number(Math.round(one.tokensPerCall)) })}</span>}
      {one.slowedTo < 1 && (
        <StatusPill tone="warning" icon={<WarningIcon aria-hidden />}>
          {t("limits.slowed", { share: formats.percent(one.slowedTo) })}
        </StatusPill>
      )}
    </div>
  );
}
