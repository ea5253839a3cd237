import { SegmentedControl, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { providerTitle } from "@/features/connect/providers";
import { type Formats, useFormats } from "@/i18n/format";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import type { Spend, SpendRow } from "./queries";
import { type Grouping, GROUPINGS } from "./search";
import classes from "./SpendPage.module.css";

interface Props {
  spend: Spend | undefined;
  by: Grouping;
  onBy: (by: Grouping) => void;
  onFlow: (flowId: string) => void;
}

/** The span by workflow, model or connection, the dearest first. */
export function SpendTable({ spend, by, onBy, onFlow }: Props) {
  const { t } = useTranslation("spend");
  const formats = useFormats();
  const total = Number(spend?.totals.costUsd ?? 0);
  return (
    <Section
      title={t("groups.title")}
      actions={<SegmentedControl aria-label={t("groups.by")} value={by} onChange={(chosen) => onBy(chosen as Grouping)} data={GROUPINGS.map((one) => ({ value: one, label: t(`groups.${one}`) }))} />}
    >
      <SimpleTable
        label={t("groups.title")}
        minWidth={760}
        rows={spend?.rows.filter((row) => named(row, by))}
        rowKey={(row) => row.flowId ?? row.connectionId ?? `${row.provider}/${row.model}`}
        columns={[
          { title: t(`groups.${by}`), cell: (row) => <Name row={row} by={by} onFlow={onFlow} /> },
          { title: t("figure.cost"), align: "end", cell: (row) => formats.money(Number(row.costUsd)) },
          { title: t("column.share"), align: "end", cell: (row) => (total > 0 ? formats.percent(Number(row.costUsd) / total) : "") },
          { title: t("figure.calls"), align: "end", cell: (row) => formats.number(row.calls) },
          { title: t("column.failures"), align: "end", cell: (row) => formats.number(row.failures) },
          { title: t("figure.tokens"), align: "end", cell: (row) => formats.number(row.inputTokens + row.outputTokens) },
          { title: t("column.p50"), align: "end", cell: (row) => time(row.p50Ms, formats) },
          { title: t("column.p95"), align: "end", cell: (row) => time(row.p95Ms, formats) },
        ]}
      />
    </Section>
  );
}

function Name({ row, by, onFlow }: { row: SpendRow; by: Grouping; onFlow: (flowId: string) => void }) {
  const { t } = useTranslation("spend");
  if (by === "flow") {
    const { flowId } = row;
    return (
      <UnstyledButton className={classes.nameButton} onClick={() => flowId && onFlow(flowId)} title={t("groups.look")}>
        {row.flowName || t("unnamed", { id: flowId })}
      </UnstyledButton>
    );
  }
  if (by === "model") {
    return (
      <>
        {row.model} <span className={classes.hint}>{row.provider && providerTitle(row.provider)}</span>
      </>
    );
  }
  return <Link to="/settings/connected-apps">{row.connectionName ?? t("goneConnection", { id: row.connectionId })}</Link>;
}

/** While another grouping is on its way, the rows of the last one are not shown under its heading. */
function named(row: SpendRow, by: Grouping): boolean {
  return by === "flow" ? row.flowId !== null : by === "model" ? row.model !== null : row.connectionId !== null;
}

export function time(milliseconds: number | null, formats: Formats): string {
  return milliseconds === null ? "" : formats.duration(milliseconds / 1000);
}
