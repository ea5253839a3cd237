import { Button, Group, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { BackIcon, DownloadIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { ErrorCard } from "@/ui/ErrorCard";
import { LinkButton } from "@/ui/LinkButton";
import { Section } from "@/ui/Section";
import { sayProblem } from "@/ui/toast";
import classes from "../evals.module.css";
import { type EvalSet, goesOn, sampleQuery, useCancelSample } from "../queries";
import { StateOf } from "../StateOf";
import { KeepDialog } from "./KeepDialog";
import { SampleRows } from "./SampleRows";

interface Props {
  flowId: string;
  sampleId: string;
  sets: readonly EvalSet[];
}

/** One sample, also while it goes on: a row a record, and the way to keep rows as cases. */
export function SampleView({ flowId, sampleId, sets }: Props) {
  const { t } = useTranslation("evals");
  const { may } = useSession();
  const formats = useFormats();
  const { data, error, refetch } = useQuery(sampleQuery(sampleId));
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [keeping, setKeeping] = useState<number[]>();
  const cancel = useCancelSample();

  const back = (
    <LinkButton to="/workflows/$flowId/evals" params={{ flowId }} search={{}} variant="subtle" size="xs" className={classes.back} leftSection={<BackIcon size={16} />}>
      {t("back")}
    </LinkButton>
  );
  if (error) {
    return (
      <>
        {back}
        <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
      </>
    );
  }
  if (!data) return <Skeleton h={240} radius="lg" />;
  const { sample, rows } = data;
  const toggle = (position: number) => {
    const next = new Set(chosen);
    if (!next.delete(position)) next.add(position);
    setChosen(next);
  };
  const keepable = rows.filter((row) => row.result && !row.result.error).map(({ position }) => position);
  return (
    <>
      {back}
      <Section
        title={sample.revisionId ? t("sample.ofRevision", { id: sample.id, revision: sample.revisionId }) : t("sample.ofDraft", { id: sample.id })}
        description={t("sample.nothingWritten")}
        actions={
          <Group gap="xs">
            {goesOn(sample) && may("runs.operate") && (
              <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(sample.id, { onError: (problem) => sayProblem(problem, t("cancelFailed")) })}>
                {t("stop")}
              </Button>
            )}
            {may("records.export") && (
              <Button component="a" href={`/penstock/v1/samples/${sample.id}/csv`} download variant="default" leftSection={<DownloadIcon size={16} />}>
                {t("sample.csv")}
              </Button>
            )}
            {may("flows.write") && keepable.length > 0 && (
              <Button onClick={() => setKeeping(chosen.size > 0 ? [...chosen] : keepable)}>{chosen.size > 0 ? t("sample.keep", { count: chosen.size }) : t("sample.keepAll")}</Button>
            )}
          </Group>
        }
      >
        <div className={classes.figures} role="status">
          <StateOf {...sample} />
          <Text size="sm">{t("sample.records", { count: sample.total })}</Text>
          <Text size="sm">{t("sample.failures", { count: sample.failed })}</Text>
          <Text size="sm">{formats.money(Number(sample.costUsd))}</Text>
        </div>
        {sample.message && (
          <Text size="sm" mt="xs" className={sample.state === "FAILED" ? classes.failed : undefined}>
            {sample.message}
          </Text>
        )}
        <SampleRows flowId={flowId} rows={rows} chosen={may("flows.write") ? chosen : undefined} onToggle={toggle} onOpen={(position) => setKeeping([position])} />
      </Section>
      {keeping && (
        <KeepDialog
          flowId={flowId}
          sample={sample}
          rows={rows.filter(({ position }) => keeping.includes(position))}
          sets={sets}
          onClose={() => setKeeping(undefined)}
          onKept={() => {
            setKeeping(undefined);
            setChosen(new Set());
          }}
        />
      )}
    </>
  );
}
