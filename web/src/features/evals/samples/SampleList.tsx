import { Button, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { TestIcon } from "@/design/icons";
import { useFlowWords } from "@/features/workflows/words";
import { useFormats } from "@/i18n/format";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { Moment } from "@/ui/Moment";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { Withheld } from "@/ui/Withheld";
import { samplesQuery } from "../queries";
import { StateOf } from "../StateOf";
import { SampleDialog } from "./SampleDialog";

/** The samples of a workflow, and the way to another one. */
export function SampleList({ flowId }: { flowId: string }) {
  const { t } = useTranslation("evals");
  const { may } = useSession();
  const formats = useFormats();
  const words = useFlowWords(flowId);
  const [asking, setAsking] = useState(false);
  const { data, error, refetch } = useQuery(samplesQuery(flowId));
  const begin = (
    <Withheld because={!may("runs.operate") && t("sample.notAllowed")}>
      <Button leftSection={<TestIcon size={16} />} onClick={() => setAsking(true)}>
        {t("sample.take")}
      </Button>
    </Withheld>
  );
  return (
    <Section title={t("samples.title")} description={t("samples.description")} actions={data && data.length > 0 ? begin : undefined}>
      {error ? (
        <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
      ) : data?.length === 0 ? (
        <EmptyState icon={<TestIcon size={28} />} title={t("samples.empty")} text={t("samples.emptyText")} action={begin} />
      ) : (
        <SimpleTable
          label={t("samples.title")}
          minWidth={720}
          rows={data}
          rowKey={(row) => row.id}
          columns={[
            {
              title: t("column.begun"),
              cell: (row) => (
                <Link to="/workflows/$flowId/evals" params={{ flowId }} search={{ sample: row.id }}>
                  <VisuallyHidden>{t("sample.open", { id: row.id })} </VisuallyHidden>
                  <Moment at={row.createdAt} />
                </Link>
              ),
            },
            { title: t("column.of"), cell: (row) => (row.revisionId ? t("revision", { id: row.revisionId }) : t("draft")) },
            { title: t("column.step"), cell: (row) => (row.actionId ? (words.step(row.actionId) ?? row.actionId) : t("sample.whole")) },
            { title: t("column.state"), cell: (row) => <StateOf {...row} /> },
            { title: t("column.records"), align: "end", titled: true, cell: (row) => formats.number(row.total) },
            { title: t("column.failed"), align: "end", titled: true, cell: (row) => formats.number(row.failed) },
            { title: t("column.cost"), align: "end", titled: true, cell: (row) => formats.money(Number(row.costUsd)) },
            { title: t("column.by"), cell: (row) => row.createdBy },
          ]}
        />
      )}
      {asking && <SampleDialog flowId={flowId} onClose={() => setAsking(false)} />}
    </Section>
  );
}
