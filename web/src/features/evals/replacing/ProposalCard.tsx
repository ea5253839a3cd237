import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { SimpleTable } from "@/ui/SimpleTable";
import classes from "../evals.module.css";
import { comparisonQuery, goesOn, type Proposal, type ProposedEval, runQuery } from "../queries";
import { ChangedCases } from "../sets/ChangedCases";
import { StateOf } from "../StateOf";

interface Props {
  proposal: Proposal;
  old: string;
  model: string;
  /** A link is followed. */
  onLeave: () => void;
}

/** What is proposed for one workflow: its draft, and the evals of the changed steps with the old and the new model. */
export function ProposalCard({ proposal, old, model, onLeave }: Props) {
  const { t } = useTranslation("evals");
  const { flowId, flowName, evals, untested } = proposal;
  return (
    <section className={classes.proposal} aria-label={flowName}>
      <div className={classes.proposalHead}>
        <Text fw={600}>{flowName}</Text>
        <Link to="/workflows/$flowId" params={{ flowId }} onClick={onLeave}>
          {t("replace.open")}
        </Link>
      </div>
      {proposal.hadDraft && (
        <Text size="sm" c="dimmed">
          {t("replace.hadDraft")}
        </Text>
      )}
      {evals.map((one) => (
        <Compared key={one.evalSetId} one={one} old={old} model={model} flowId={flowId} onLeave={onLeave} />
      ))}
      {untested.length > 0 && (
        <Group gap="xs">
          <Text size="sm">{t("replace.untested", { count: untested.length })}</Text>
          <Link to="/workflows/$flowId/evals" params={{ flowId }} search={{}} onClick={onLeave}>
            {t("sample.take")}
          </Link>
        </Group>
      )}
    </section>
  );
}

interface ComparedProps {
  one: ProposedEval;
  old: string;
  model: string;
  flowId: string;
  onLeave: () => void;
}

/** One eval set with both models, looked at again while the runs go on. */
function Compared({ one, old, model, flowId, onLeave }: ComparedProps) {
  const { t } = useTranslation("evals");
  const formats = useFormats();
  const before = useQuery(runQuery(one.beforeRunId));
  const after = useQuery(runQuery(one.afterRunId));
  const over = Boolean(before.data && after.data && !goesOn(before.data) && !goesOn(after.data));
  const compared = useQuery({ ...comparisonQuery(one.afterRunId, after.data?.done ?? 0, one.beforeRunId), enabled: over });
  const rows = [
    { name: old, run: before.data, agreement: compared.data?.before.checks.agreement },
    { name: model, run: after.data, agreement: compared.data?.after.checks.agreement },
  ];
  const worse = compared.data?.broken ?? [];
  return (
    <>
      <Text size="sm">{t("replace.set", { name: one.name })}</Text>
      <SimpleTable
        label={one.name}
        minWidth={420}
        rows={rows}
        rowKey={(row) => row.name}
        columns={[
          { title: t("column.model"), cell: (row) => <span className="mono">{row.name}</span> },
          { title: t("column.state"), cell: (row) => row.run && <StateOf {...row.run} /> },
          { title: t("column.agreement"), align: "end", titled: true, cell: (row) => row.agreement !== undefined && formats.percent(row.agreement) },
          { title: t("column.cost"), align: "end", titled: true, cell: (row) => row.run && formats.money(Number(row.run.costUsd)) },
        ]}
      />
      {rows.map(({ name, run }) => run?.message && <Text key={name} size="sm" className={classes.failed}>{`${name}: ${run.message}`}</Text>)}
      {compared.data && (
        <Group gap="xs" role="status">
          <Text size="sm">{t("replace.difference", { better: compared.data.fixed.length, worse: worse.length, count: compared.data.cases })}</Text>
          <Link to="/workflows/$flowId/evals" params={{ flowId }} search={{ set: one.evalSetId, run: one.afterRunId }} onClick={onLeave}>
            {t("run.title", { id: one.afterRunId })}
          </Link>
        </Group>
      )}
      {worse.length > 0 && <ChangedCases label={t("replace.worse")} rows={worse} flowId={flowId} actionId={one.actionId} before={old} after={model} />}
    </>
  );
}
