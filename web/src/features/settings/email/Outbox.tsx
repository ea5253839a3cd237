import { Anchor, Button, Center, Select } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MailIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { Moment } from "@/ui/Moment";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { MailDialog } from "./MailDialog";
import { MAIL_STATUSES, type MailRow, type MailStatus, outboxQuery } from "./queries";

const TONE: Record<MailStatus, Tone> = { queued: "neutral", sending: "accent", sent: "success", kept: "warning", failed: "error" };

/** Every e-mail of a workflow, sent or not. */
export function Outbox() {
  const { t } = useTranslation("mail");
  const [status, setStatus] = useState<MailStatus>();
  const [opened, setOpened] = useState<string>();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(outboxQuery(status));
  const mails = data?.pages.flatMap((page) => page.results);

  return (
    <Section
      title={t("outbox.title")}
      description={t("outbox.description")}
      actions={
        <Select
          aria-label={t("outbox.status")}
          w={160}
          value={status ?? "all"}
          data={[{ value: "all", label: t("outbox.all") }, ...MAIL_STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))]}
          onChange={(value) => setStatus(MAIL_STATUSES.find((one) => one === value))}
        />
      }
    >
      {error ? (
        <ErrorCard error={error} onRetry={() => void refetch()} />
      ) : mails?.length === 0 ? (
        <EmptyState icon={<MailIcon size={24} />} title={t(status ? "outbox.noneOfStatus" : "outbox.empty.title")} text={t("outbox.empty.text")} />
      ) : (
        <SimpleTable<MailRow>
          label={t("outbox.title")}
          rows={mails}
          rowKey={(mail) => mail.id}
          onRowClick={(mail) => setOpened(mail.id)}
          columns={[
            {
              title: t("column.subject"),
              cell: (mail) => (
                <Anchor component="button" type="button" inherit ta="start" onClick={() => setOpened(mail.id)}>
                  {mail.subject || t("noSubject")}
                </Anchor>
              ),
            },
            { title: t("column.recipients"), cell: (mail) => mail.recipients.join(", ") },
            { title: t("column.status"), width: "110px", cell: (mail) => <StatusPill tone={TONE[mail.status]}>{t(`status.${mail.status}`)}</StatusPill> },
            { title: t("column.attempts"), width: "80px", align: "end", cell: (mail) => mail.attempts },
            { title: t("column.created"), width: "170px", cell: (mail) => <Moment at={mail.createdAt} /> },
          ]}
        />
      )}
      {hasNextPage && (
        <Center mt="sm">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("ui:action.loadMore")}
          </Button>
        </Center>
      )}
      {opened !== undefined && <MailDialog mailId={opened} onClose={() => setOpened(undefined)} />}
    </Section>
  );
}
