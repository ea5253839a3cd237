import { Anchor, Button, Center, Select } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { WebhookIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { Moment } from "@/ui/Moment";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { DeliveryDialog } from "./DeliveryDialog";
import { type Delivery, DELIVERY_STATUSES, deliveriesQuery } from "./queries";

const TONE: Record<Delivery["status"], Tone> = { queued: "neutral", sending: "accent", delivered: "success", failed: "error" };

/** Every webhook of a workflow with what the receiver answered. */
export function Deliveries() {
  const { t } = useTranslation("webhooks");
  const [status, setStatus] = useState<Delivery["status"]>();
  const [opened, setOpened] = useState<Delivery>();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(deliveriesQuery(status));
  const deliveries = data?.pages.flatMap((page) => page.results);

  return (
    <Section
      title={t("deliveries.title")}
      description={t("deliveries.description")}
      actions={
        <Select
          aria-label={t("deliveries.status")}
          w={160}
          value={status ?? "all"}
          data={[{ value: "all", label: t("deliveries.all") }, ...DELIVERY_STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))]}
          onChange={(value) => setStatus(DELIVERY_STATUSES.find((one) => one === value))}
        />
      }
    >
      {error ? (
        <ErrorCard error={error} onRetry={() => void refetch()} />
      ) : deliveries?.length === 0 ? (
        <EmptyState icon={<WebhookIcon size={24} />} title={t(status ? "deliveries.noneOfStatus" : "deliveries.empty.title")} text={t("deliveries.empty.text")} />
      ) : (
        <SimpleTable<Delivery>
          label={t("deliveries.title")}
          rows={deliveries}
          rowKey={(delivery) => delivery.id}
          onRowClick={setOpened}
          columns={[
            {
              title: t("column.url"),
              cell: (delivery) => (
                <Anchor component="button" type="button" inherit ta="start" className="mono" onClick={() => setOpened(delivery)}>
                  {delivery.method} {delivery.url}
                </Anchor>
              ),
            },
            { title: t("column.status"), width: "110px", cell: (delivery) => <StatusPill tone={TONE[delivery.status]}>{t(`status.${delivery.status}`)}</StatusPill> },
            { title: t("column.answer"), width: "90px", cell: (delivery) => delivery.responseStatus ?? "–" },
            { title: t("column.attempts"), width: "80px", align: "end", cell: (delivery) => delivery.attempts },
            { title: t("column.created"), width: "170px", cell: (delivery) => <Moment at={delivery.createdAt} /> },
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
      {opened !== undefined && <DeliveryDialog delivery={opened} onClose={() => setOpened(undefined)} />}
    </Section>
  );
}
