import { Button, Group, Progress, Select, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { useFormats } from "@/i18n/format";
import { SimpleTable } from "@/ui/SimpleTable";
import { sayProblem } from "@/ui/toast";
import classes from "../evals.module.css";
import { comparisonQuery, type EvalRun, type EvalSet, goesOn, rowsQuery, useCancelRun, useSetGate } from "../queries";
import { StateOf } from "../StateOf";
import { useAnswerWords } from "../use-answer-words";
import { ChangedCases } from "./ChangedCases";
import { ConfusionTable } from "./ConfusionTable";

/** One run of a set: agreement by field beside another run, at first the baseline, confusion tables, and what was not as expected. */
export function RunView({ run, runs, set }: { run: EvalRun; runs: readonly EvalRun[]; set: EvalSet }) {
  const { t } = useTranslation("evals");
  const { may } = useSession();
  const formats = useFormats();
  const [chosen, setChosen] = useState<string | null>();
  const baseline = set.baselineRunId && set.baselineRunId !== run.id ? set.baselineRunId : undefined;
  const against = chosen === undefined ? baseline : (chosen ?? undefined);
  const others = runs.filter(({ id }) => id !== run.id).map((one) => ({ value: one.id, label: t(one.id === set.baselineRunId ? "compare.baseline" : "compare.run", { id: one.id, of: one.revisionId ? t("revision", { id: one.revisionId }) : t("draft"), model: one.model }) }));
  // The baseline may be older than the runs that are listed.
  if (against && !others.some(({ value }) => value === against)) others.push({ value: against, label: t("gate.baselineOld", { id: against }) });
  const rows = useQuery(rowsQuery(run));
  const compared = useQuery({ ...comparisonQuery(run.id, run.done, against ?? run.id), enabled: against !== undefined && run.done > 0 });
  const cancel = useCancelRun();
  const gate = useSetGate();
  const words = useAnswerWords(set.flowId);
  const label = (field: string) => words.label(set.actionId, field);
  const said = (field: string, value: string) => words.said(set.actionId, field, value);
  const before = new Map(compared.data?.before.fields.map(({ field, agreement }) => [field, agreement]));
  const wrong = rows.data?.flatMap((row) => row.verdicts.filter(({ passed }) => !passed).map((verdict, index) => ({ key: `${row.caseId}.${index}`, name: row.caseName, ...verdict }))) ?? [];
  const changed = [
    { kind: "worse", rows: compared.data?.broken ?? [] },
    { kind: "better", rows: compared.data?.fixed ?? [] },
  ] as const;
  const shares = [
    { name: t("score.all"), ...run.score.checks, before: compared.data?.before.checks.agreement },
    ...run.score.fields.map((share) => ({ name: label(share.field), ...share, before: before.get(share.field) })),
    { name: t("score.cases"), ...run.score.cases, before: compared.data?.before.cases.agreement },
  ];
  return (
    <Stack gap="lg">
      <Group gap="md" role="status">
        <StateOf {...run} />
        <Text size="sm">{run.revisionId ? t("revision", { id: run.revisionId }) : t("draft")}</Text>
        <Text size="sm" className="mono">
          {run.model}
        </Text>
        <Text size="sm">{formats.money(Number(run.costUsd))}</Text>
        {!run.current && (
          <Text size="sm" c="dimmed">
            {t("run.outdated")}
          </Text>
        )}
        {goesOn(run) && may("runs.operate") && (
          <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(run.id, { onError: (problem) => sayProblem(problem, t("cancelFailed")) })}>
            {t("stop")}
          </Button>
        )}
        {run.state === "DONE" && may("flows.publish") && set.baselineRunId !== run.id && (
          <Button size="xs" variant="default" loading={gate.isPending} onClick={() => gate.mutate({ evalSetId: set.id, gates: set.gates, baselineRunId: run.id }, { onError: (problem) => sayProblem(problem, t("gate.failed")) })}>
            {t("gate.makeBaseline")}
          </Button>
        )}
      </Group>
      {goesOn(run) && <Progress value={run.total ? (100 * run.done) / run.total : 0} aria-label={t("state.progress", { done: run.done, total: run.total })} />}
      {run.message && (
        <Text size="sm" className={run.state === "FAILED" ? classes.failed : undefined}>
          {run.message}
        </Text>
      )}
      {others.length > 0 && <Select label={t("compare.with")} data={others} value={against ?? null} onChange={setChosen} clearable maw={420} />}
      <SimpleTable
        label={t("score.title")}
        minWidth={420}
        rows={shares}
        rowKey={(share) => share.name}
        columns={[
          { title: t("column.field"), cell: (share) => share.name },
          { title: t("column.agreement"), align: "end", titled: true, cell: (share) => formats.percent(share.agreement) },
          ...(against ? [{ title: t("run.title", { id: against }), align: "end" as const, titled: true, cell: (share: (typeof shares)[number]) => (share.before === undefined ? "" : formats.percent(share.before)) }] : []),
          { title: t("column.checks"), align: "end", titled: true, cell: (share) => t("score.of", { passed: share.passed, total: share.total }) },
        ]}
      />
      {compared.data && against && (
        <Stack gap="sm" role="status" aria-label={t("compare.with")}>
          <Text size="sm">{t("replace.difference", { better: compared.data.fixed.length, worse: compared.data.broken.length, count: compared.data.cases })}</Text>
          {changed.map(({ kind, rows: cases }) => cases.length > 0 && <ChangedCases key={kind} label={t(`compare.${kind}`)} rows={cases} flowId={set.flowId} actionId={set.actionId} before={t("run.title", { id: against })} after={t("run.title", { id: run.id })} />)}
        </Stack>
      )}
      {run.confusions.map((confusion) => (
        <ConfusionTable key={confusion.field} confusion={confusion} label={label(confusion.field)} said={(value) => said(confusion.field, value)} />
      ))}
      {wrong.length > 0 && (
        <section>
          <Title order={3} mb="xs">
            {t("wrong.title", { count: wrong.length })}
          </Title>
          <SimpleTable
            label={t("wrong.label")}
            rows={wrong}
            rowKey={(one) => one.key}
            columns={[
              { title: t("column.case"), cell: (one) => <span className={classes.clamp}>{one.name}</span> },
              { title: t("column.field"), cell: (one) => label(one.field) },
              { title: t("column.expected"), cell: (one) => <span className={classes.clamp}>{said(one.field, one.expected)}</span> },
              { title: t("column.got"), cell: (one) => <span className={classes.clamp}>{said(one.field, one.got) || one.note}</span> },
            ]}
          />
        </section>
      )}
    </Stack>
  );
}
