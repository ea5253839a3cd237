import { Button, Chip, Skeleton, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PropertyDefinition } from "@/api/properties";
import { useFormats } from "@/i18n/format";
import { ErrorCard } from "@/ui/ErrorCard";
import type { TimelineEvent, TimelineKind } from "../contract";
import { timelineQuery } from "../queries/history";
import classes from "./Timeline.module.css";
import { TimelineItem } from "./TimelineItem";

const KINDS: readonly TimelineKind[] = ["values", "runs", "mails", "webhooks", "associations", "record"];

interface Props {
  objectType: string;
  recordId: string;
  properties: ReadonlyMap<string, PropertyDefinition>;
}

/** What happened to a record, newest first, day by day. */
export function Timeline({ objectType, recordId, properties }: Props) {
  const { t } = useTranslation("records");
  const formats = useFormats();
  const [kinds, setKinds] = useState<string[]>([]);
  const chosen = KINDS.filter((kind) => kinds.includes(kind));
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    ...timelineQuery(objectType, recordId, chosen),
    placeholderData: (before, query) => (query?.queryKey[3] === recordId ? before : undefined),
  });
  const days = data && byDay(data.pages.flatMap((page) => page.results), formats.day);

  return (
    <>
      <Chip.Group multiple value={kinds} onChange={setKinds}>
        <div className={classes.kinds} role="group" aria-label={t("timeline.show")}>
          {KINDS.map((kind) => (
            <Chip key={kind} value={kind} size="xs" variant="outline">
              {t(`timeline.kind.${kind}`)}
            </Chip>
          ))}
        </div>
      </Chip.Group>
      {error && !days ? (
        <ErrorCard error={error} title={t("timeline.loadFailed")} onRetry={() => void refetch()} />
      ) : days === undefined ? (
        Array.from({ length: 5 }, (_, at) => <Skeleton key={at} h={52} mb="sm" />)
      ) : days.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t(chosen.length > 0 ? "timeline.noneOfKind" : "timeline.none")}
        </Text>
      ) : (
        days.map(([day, events]) => (
          <section key={day} aria-label={day}>
            <h2 className={classes.day}>{day}</h2>
            <ol className={classes.events}>
              {events.map((event) => (
                <TimelineItem key={event.id} event={event} objectType={objectType} properties={properties} />
              ))}
            </ol>
          </section>
        ))
      )}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("timeline.earlier")}
        </Button>
      )}
    </>
  );
}

function byDay(events: readonly TimelineEvent[], dayOf: (at: string) => string): [string, TimelineEvent[]][] {
  const days = new Map<string, TimelineEvent[]>();
  for (const event of events) {
    const day = dayOf(event.at);
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return [...days];
}
