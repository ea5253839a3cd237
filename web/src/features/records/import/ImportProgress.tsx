import { Button, Group, Progress, Skeleton, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { propertiesQuery } from "@/api/properties";
import { useSession } from "@/api/session";
import { DownloadIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { ErrorCard } from "@/ui/ErrorCard";
import { LinkButton } from "@/ui/LinkButton";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill } from "@/ui/StatusPill";
import { sayProblem } from "@/ui/toast";
import { type BadRow, badRowsAddress, badRowsQuery, cancelImport, importQuery, isRunning } from "../queries/imports";
import classes from "./ImportPage.module.css";
import { useReason } from "./reason";
import { stateTone } from "./states";

const FIGURES = [
  ["TOTAL_ROWS", "rows"],
  ["CREATED_OBJECTS", "created"],
  ["UPDATED_OBJECTS", "updated"],
  ["UNCHANGED_OBJECTS", "unchanged"],
  ["ERRORS", "bad"],
] as const;

const ALMOST = 98; // percent

/** How far an import is, and what came of it. One may leave: the address brings one back. */
export function ImportProgress({ importId, objectType }: { importId: string; objectType: string }) {
  const { t } = useTranslation("records");
  const { may } = useSession();
  const formats = useFormats();
  const client = useQueryClient();
  const { data: job, error, refetch } = useQuery(importQuery(importId));
  const running = job !== undefined && isRunning(job.state);
  const ended = job !== undefined && !running;

  const written = (job?.metadata.counters["CREATED_OBJECTS"] ?? 0) + (job?.metadata.counters["UPDATED_OBJECTS"] ?? 0);

  // Whoever goes to the records sees what is there by then, also when the import goes on behind.
  useEffect(() => {
    if (written > 0) void client.invalidateQueries({ queryKey: ["records", objectType] });
  }, [written, ended, client, objectType]);

  if (error && !job) return <ErrorCard error={error} title={t("import.notLoaded")} onRetry={() => void refetch()} />;
  if (!job) return <Skeleton h={220} radius="lg" />;
  // The file is read ahead of what is written: a bar is full when everything is done, and not before.
  const share = job.bytesTotal ? Math.min(ALMOST, (job.bytesRead / job.bytesTotal) * 100) : 0;
  const bad = job.metadata.counters["ERRORS"] ?? 0;

  return (
    <>
      <section className={classes.card} aria-label={job.importName}>
        <div className={classes.cardHead}>
          <h2>{job.importName}</h2>
          <Group gap="xs">
            <StatusPill tone={stateTone(job.state)}>{t(`import.state.${job.state}`)}</StatusPill>
            {running && may("imports.run") && (
              <Button variant="default" onClick={() => void cancelImport(importId).then(() => refetch(), (failed: unknown) => sayProblem(failed))}>
                {t("import.stop")}
              </Button>
            )}
          </Group>
        </div>
        <div className={classes.cardBody}>
          <Progress value={ended ? 100 : share} animated={running} color={job.state === "FAILED" ? "red" : undefined} aria-label={t("import.progress")} />
          {running && (
            <Text size="sm" c="dimmed" mt="xs">
              {t("import.mayLeave")}
            </Text>
          )}
          {job.message !== "" && (
            <p className={classes.problem} role="alert">
              {job.message}
            </p>
          )}
          <dl className={classes.figures}>
            {FIGURES.map(([counter, words]) => {
              const value = job.metadata.counters[counter] ?? 0;
              return (
                <div key={counter} className={classes.figure} data-bad={(counter === "ERRORS" && value > 0) || undefined}>
                  <dt>{t(`import.figure.${words}`)}</dt>
                  <dd>{formats.number(value)}</dd>
                </div>
              );
            })}
          </dl>
          {ended && (
            <Group>
              <LinkButton to="/records/$objectType" params={{ objectType }}>
                {t("import.seeRecords")}
              </LinkButton>
              <LinkButton to="/records/$objectType/import" params={{ objectType }} search={{}} variant="default">
                {t("import.another")}
              </LinkButton>
            </Group>
          )}
        </div>
      </section>
      {bad > 0 && <BadRows importId={importId} objectType={objectType} total={bad} live={running} />}
    </>
  );
}

function BadRows({ importId, objectType, total, live }: { importId: string; objectType: string; total: number; live: boolean }) {
  const { t } = useTranslation("records");
  const reason = useReason();
  const { data: properties } = useQuery(propertiesQuery(objectType));
  const labelOf = (row: BadRow) => properties?.find((property) => property.name === row.propertyName)?.label ?? row.columnName;
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({ ...badRowsQuery(importId), refetchInterval: live ? 3000 : false });
  const rows = data?.pages.flatMap((page) => page.results);
  return (
    <section className={classes.card} aria-label={t("import.badRows")}>
      <div className={classes.cardHead}>
        <div>
          <h2>{t("import.badRows")}</h2>
          <Text size="sm" c="dimmed">
            {t("import.badRowsText", { count: total })}
          </Text>
        </div>
        <Button component="a" variant="default" leftSection={<DownloadIcon size={14} aria-hidden />} download href={badRowsAddress(importId)}>
          {t("import.downloadBad")}
        </Button>
      </div>
      <div className={classes.table}>
        <SimpleTable<BadRow>
          label={t("import.badRows")}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { title: t("import.line"), width: "80px", titled: true, cell: (row) => row.sourceData.lineNumber },
            { title: t("import.column"), width: "200px", cell: (row) => row.columnName || t("import.wholeRow") },
            { title: t("import.reason"), cell: (row) => reason({ code: row.errorType, message: row.errorMessage, property: labelOf(row), value: row.invalidValue }) },
          ]}
        />
      </div>
      {hasNextPage && (
        <div className={classes.cardBody}>
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("ui:action.loadMore")}
          </Button>
        </div>
      )}
    </section>
  );
}
