import { Alert, Button, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { WarningIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { ErrorCard } from "@/ui/ErrorCard";
import { Facts } from "@/ui/Facts";
import { Moment } from "@/ui/Moment";
import { Page } from "@/ui/Page";
import { PageSkeleton } from "@/ui/PageSkeleton";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { useDelayedFlag } from "@/ui/delayed-flag";
import { say, sayProblem } from "@/ui/toast";
import { BatchState } from "./BatchState";
import { type Batch, batchQuery, isOver, useCancelBatch } from "./queries";

const route = getRouteApi("/app/batches/$batchId");

/** One batch: how far it is at its provider, what it cost and saved, and whose questions it has. */
export function BatchPage() {
  const { t } = useTranslation("runs");
  const { batchId } = route.useParams();
  const { data: batch, error, refetch } = useQuery(batchQuery(batchId));
  const waiting = useDelayedFlag(batch === undefined && !error);
  const title = t("batches.number", { id: batchId });
  if (batch === undefined) {
    if (!error) return waiting ? <PageSkeleton /> : null;
    return (
      <Page title={title}>
        <ErrorCard error={error} title={t("batches.page.failed")} onRetry={() => void refetch()} />
      </Page>
    );
  }
  return (
    <Page title={title} beside={<BatchState batch={batch} />} actions={<Cancel batch={batch} />}>
      <Stack gap="md">
        {batch.message !== "" && (
          <Alert color={batch.state === "failed" ? "red" : "yellow"} icon={<WarningIcon />} title={t("batches.page.trouble")}>
            {batch.message}
          </Alert>
        )}
        <Standing batch={batch} />
        <Parts batch={batch} />
      </Stack>
    </Page>
  );
}

function Standing({ batch }: { batch: Batch }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  const answered = t("batches.of", { answered: formats.number(batch.answered), questions: formats.number(batch.questions) });
  return (
    <Section title={t("batches.page.questions")} description={answered}>
      <Stack gap="md">
        <Progress value={batch.questions > 0 ? (100 * batch.answered) / batch.questions : 0} aria-label={answered} />
        <Facts
          facts={[
            { name: t("batches.page.connection"), value: batch.connectionName },
            { name: t("batches.page.model"), value: batch.model },
            { name: t("batches.page.cost"), value: formats.money(Number(batch.costUsd)) },
            { name: t("batches.page.saved"), value: formats.money(Number(batch.savedUsd)) },
            { name: t("batches.page.formed"), value: <Moment at={batch.createdAt} /> },
            ...(batch.submittedAt ? [{ name: t("batches.page.submitted"), value: <Moment at={batch.submittedAt} /> }] : []),
            ...(batch.endedAt ? [{ name: t("batches.page.ended"), value: <Moment at={batch.endedAt} /> }] : []),
            ...(batch.remoteId ? [{ name: t("batches.page.remote"), value: <span className="mono">{batch.remoteId}</span> }] : []),
          ]}
        />
      </Stack>
    </Section>
  );
}

function Parts({ batch }: { batch: Batch }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  return (
    <Section title={t("batches.page.flows")} description={t("batches.page.flowsText")}>
      <SimpleTable
        label={t("batches.page.flows")}
        rows={batch.flows}
        rowKey={(part) => part.flowId}
        columns={[
          {
            title: t("batches.page.flow"),
            cell: (part) => (
              <Link to="/workflows/$flowId/runs" params={{ flowId: part.flowId }} search={{ view: "batches" }}>
                {part.flowName || t("unnamed", { id: part.flowId })}
              </Link>
            ),
          },
          { title: t("batches.answered"), align: "end", cell: (part) => t("batches.of", { answered: formats.number(part.answered), questions: formats.number(part.questions) }) },
          { title: t("batches.page.cost"), align: "end", cell: (part) => formats.money(Number(part.costUsd)) },
          { title: t("batches.saved"), align: "end", cell: (part) => formats.money(Number(part.savedUsd)) },
        ]}
      />
    </Section>
  );
}

function Cancel({ batch }: { batch: Batch }) {
  const { t } = useTranslation("runs");
  const { may } = useSession();
  const [asking, setAsking] = useState(false);
  const cancel = useCancelBatch(batch.id);
  if (isOver(batch) || batch.cancelAsked || batch.state === "taking" || !may("runs.operate")) return null;
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t("batches.page.cancel")}
      </Button>
      <ConfirmDialog
        opened={asking}
        title={t("batches.page.cancelTitle", { id: batch.id })}
        confirm={t("batches.page.cancel")}
        destructive
        busy={cancel.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          cancel.mutate(undefined, {
            onSuccess: () => say(t("batches.page.canceled", { id: batch.id })),
            onError: (problem) => sayProblem(problem),
            onSettled: () => setAsking(false),
          })
        }
      >
        <Text size="sm">{t("batches.page.cancelText")}</Text>
      </ConfirmDialog>
    </>
  );
}
