import { Alert, Code, Skeleton } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { Trans, useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import { WarningIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { ErrorCard } from "@/ui/ErrorCard";
import { Facts } from "@/ui/Facts";
import { Moment } from "@/ui/Moment";
import { Page } from "@/ui/Page";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";

type Worker = components["schemas"]["WorkerShape"];

const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: () => call(api.GET("/penstock/v1/status")),
  refetchInterval: 5_000,
});

const QUEUES = ["active", "waiting", "dueWaits", "changes", "mails", "webhooks", "failed"] as const;

/** Settings > System health: versions, workers, and what waits; read again every five seconds. */
export function HealthPage() {
  const { t } = useTranslation("health");
  const formats = useFormats();
  const command = { code: <Code /> };
  const { data, error, refetch } = useQuery(statusQuery);
  return (
    <Page title={t("title")} description={<Trans t={t} i18nKey="description" components={command} />}>
      {error ? (
        <ErrorCard error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton h={320} radius="lg" />
      ) : (
        <>
          <Section title={t("workers.title")} description={<Trans t={t} i18nKey="workers.description" components={command} />}>
            {data.workers.length === 0 ? (
              <Alert color="red" icon={<WarningIcon />} title={t("workers.none")}>
                <Trans t={t} i18nKey="workers.noneText" components={command} />
              </Alert>
            ) : (
              <SimpleTable<Worker>
                label={t("workers.title")}
                rows={data.workers}
                rowKey={(worker) => worker.id}
                columns={[
                  { title: t("workers.host"), cell: (worker) => worker.host },
                  { title: t("workers.process"), cell: (worker) => worker.pid },
                  { title: t("workers.since"), cell: (worker) => <Moment at={worker.startedAt} /> },
                  { title: t("workers.sign"), cell: (worker) => <Moment at={worker.heartbeatAt} relative /> },
                ]}
              />
            )}
          </Section>
          <Section title={t("queues.title")} description={t("queues.description")}>
            <Facts facts={QUEUES.map((name) => ({ name: t(`queues.${name}`), value: formats.number(data.depths[name]) }))} />
          </Section>
          <Section title={t("versions")}>
            <Facts
              facts={[
                { name: t("version"), value: data.version },
                { name: t("database"), value: data.databaseVersion },
              ]}
            />
          </Section>
        </>
      )}
    </Page>
  );
}
