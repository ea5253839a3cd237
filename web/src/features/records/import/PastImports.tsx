import { Button, Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { StatusPill } from "@/ui/StatusPill";
import { importsQuery } from "../queries/imports";
import classes from "./ImportPage.module.css";
import { stateTone } from "./states";

interface Props {
  objectType: string;
  typeId: string;
  /** The import that is shown above, and not again here. */
  current: string | undefined;
}

/** The imports of a type, newest first. */
export function PastImports({ objectType, typeId, current }: Props) {
  const { t } = useTranslation("records");
  const formats = useFormats();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(importsQuery);
  const jobs = data?.pages.flatMap((page) => page.results).filter((job) => job.mappedObjectTypeIds.includes(typeId) && job.id !== current);
  if (!jobs || (jobs.length === 0 && !hasNextPage)) return null;
  return (
    <section className={classes.card} aria-label={t("import.past")}>
      <div className={classes.cardHead}>
        <h2>{t("import.past")}</h2>
      </div>
      <Table.ScrollContainer minWidth={620}>
        <Table className={classes.rows} aria-label={t("import.past")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("import.file")}</Table.Th>
              <Table.Th>{t("import.when")}</Table.Th>
              <Table.Th>{t("import.stateTitle")}</Table.Th>
              <Table.Th ta="end">{t("import.figure.created")}</Table.Th>
              <Table.Th ta="end">{t("import.figure.updated")}</Table.Th>
              <Table.Th ta="end">{t("import.figure.bad")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {jobs.map((job) => (
              <Table.Tr key={job.id}>
                <Table.Td>
                  <Link to="/records/$objectType/import" params={{ objectType }} search={{ id: job.id }}>
                    {job.importName}
                  </Link>
                </Table.Td>
                <Table.Td>
                  <Moment at={job.createdAt} />
                </Table.Td>
                <Table.Td>
                  <StatusPill tone={stateTone(job.state)}>{t(`import.state.${job.state}`)}</StatusPill>
                </Table.Td>
                <Table.Td ta="end">{formats.number(job.metadata.counters["CREATED_OBJECTS"] ?? 0)}</Table.Td>
                <Table.Td ta="end">{formats.number(job.metadata.counters["UPDATED_OBJECTS"] ?? 0)}</Table.Td>
                <Table.Td ta="end">{formats.number(job.metadata.counters["ERRORS"] ?? 0)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
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
