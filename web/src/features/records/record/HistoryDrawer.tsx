import { Button, Drawer, ScrollArea, Skeleton, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { PropertyDefinition } from "@/api/properties";
import { ErrorCard } from "@/ui/ErrorCard";
import { historyQuery } from "../queries/history";
import classes from "./HistoryDrawer.module.css";
import { VersionItem } from "./VersionItem";

interface Props {
  objectType: string;
  recordId: string;
  property: string;
  properties: ReadonlyMap<string, PropertyDefinition>;
  onClose: () => void;
}

/** Every value that a property had, newest first: who wrote it, from what, and a way back. */
export function HistoryDrawer({ objectType, recordId, property: name, properties, onClose }: Props) {
  const { t } = useTranslation("records");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(historyQuery(objectType, recordId, name));
  const property = properties.get(name);
  const versions = data?.pages.flatMap((page) => page.results);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={460}
      title={<Text fw={600}>{t("history.of", { property: property?.label ?? name })}</Text>}
      closeButtonProps={{ "aria-label": t("ui:action.close") }}
      overlayProps={{ backgroundOpacity: 0.15 }}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      {error && !versions ? (
        <ErrorCard error={error} title={t("history.loadFailed")} onRetry={() => void refetch()} />
      ) : versions === undefined ? (
        <div className={classes.list}>
          {Array.from({ length: 4 }, (_, at) => (
            <Skeleton key={at} h={64} mb="sm" />
          ))}
        </div>
      ) : versions.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("history.none")}
        </Text>
      ) : (
        <ol className={classes.list}>
          {versions.map((version) => (
            <VersionItem key={version.id ?? "created"} objectType={objectType} recordId={recordId} version={version} property={property} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <Button variant="default" fullWidth loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("ui:action.loadMore")}
        </Button>
      )}
    </Drawer>
  );
}
