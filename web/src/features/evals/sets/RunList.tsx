import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill } from "@/ui/StatusPill";
import type { EvalRun, EvalSet } from "../queries";
import { StateOf } from "../StateOf";

interface Props {
  flowId: string;
  set: EvalSet;
  runs: readonly EvalRun[];
  shown: string | undefined;
}

/** The runs of a set, newest first. */
export function RunList({ flowId, set, runs, shown }: Props) {
  const { t } = useTranslation("evals");
  const formats = useFormats();
  return (
    <Section title={t("runs.title")}>
      <SimpleTable
        label={t("runs.title")}
        minWidth={720}
        rows={runs}
        rowKey={(run) => run.id}
        columns={[
          {
            title: t("column.run"),
            cell: (run) => (
              <Link to="/workflows/$flowId/evals" params={{ flowId }} search={{ set: set.id, run: run.id }} aria-current={run.id === shown || undefined}>
                {t("run.title", { id: run.id })}
              </Link>
            ),
          },
          { title: t("column.begun"), cell: (run) => <Moment at={run.createdAt} /> },
          { title: t("column.of"), cell: (run) => (run.revisionId ? t("revision", { id: run.revisionId }) : t("draft")) },
          { title: t("column.model"), cell: (run) => <span className="mono">{run.model}</span> },
          { title: t("column.state"), cell: (run) => <StateOf {...run} /> },
          { title: t("column.agreement"), align: "end", titled: true, cell: (run) => formats.percent(run.score.checks.agreement) },
          { title: t("column.cost"), align: "end", titled: true, cell: (run) => formats.money(Number(run.costUsd)) },
          { title: t("column.baseline"), cell: (run) => run.id === set.baselineRunId && <StatusPill tone="accent">{t("gate.isBaseline")}</StatusPill> },
        ]}
      />
    </Section>
  );
}
