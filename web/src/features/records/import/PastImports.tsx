import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill } from "@/ui/StatusPill";
import { type ImportRow, importsQuery } from "../queries/imports";
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
      <div className={classes.table}>
        <SimpleTable<ImportRow>
          label={t("import.past")}
          minWidth={620}
          rows={jobs}
          rowKey={(job) => job.id}
          columns={[
            {
              title: t("import.file"),
              cell: (job) => (
                <Link to="/records/$objectType/import" params={{ objectType }} search={{ id: job.id }}>
                  {job.importName}
                </Link>
              ),
            },
            { title: t("import.when"), cell: (job) => <Moment at={job.createdAt} /> },
            { title: t("import.stateTitle"), cell: (job) => <StatusPill tone={stateTone(job.state)}>{t(`import.state.${job.state}`)}</StatusPill> },
            { title: t("import.figure.created"), align: "end", cell: (job) => formats.number(job.metadata.counters["CREATED_OBJECTS"] ?? 0) },
            { title: t("import.figure.updated"), align: "end", cell: (job) => formats.number(job.metadata.counters["UPDATED_OBJECTS"] ?? 0) },
            { title: t("import.figure.bad"), align: "end", cell: (job) => formats.number(job.metadata.counters["ERRORS"] ?? 0) },
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
