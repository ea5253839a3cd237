import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { DelayIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { Moment } from "@/ui/Moment";
import { ListTable } from "../list/ListTable";
import rows from "../list/ListTable.module.css";
import toolbar from "../list/Toolbar.module.css";
import { BatchState } from "./BatchState";
import { type Batch, batchesQuery } from "./queries";

/** The batches that a workflow has questions in, newest first; counts and money are of its own part. */
export function BatchList({ flowId }: { flowId: string }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(batchesQuery(flowId));
  const waiting = data?.pages[0]?.waiting ?? 0;
  const figures = [t("batches.answered"), t("column.cost"), t("batches.saved")];

  return (
    <>
      {waiting > 0 && (
        <div className={toolbar.bar} role="status">
          {t("batches.waiting", { count: waiting, number: formats.number(waiting) })}
        </div>
      )}
      <ListTable
        label={t("view.batches")}
        columns={[t("batches.id"), t("column.state"), t("batches.page.model"), ...figures, t("batches.when")]}
        figures={figures}
        stale={false}
        rows={data?.pages.flatMap((page) => page.results)}
        row={(batch) => <BatchRow key={batch.id} batch={batch} flowId={flowId} />}
        more={hasNextPage ? { loading: isFetchingNextPage, load: () => void fetchNextPage() } : undefined}
        failure={error && <ErrorCard error={error} title={t("listFailed")} onRetry={() => void refetch()} />}
        empty={<EmptyState icon={<DelayIcon size={28} />} title={t("batches.empty")} text={t("batches.emptyText")} />}
      />
    </>
  );
}

function BatchRow({ batch, flowId }: { batch: Batch; flowId: string }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  const part = batch.flows.find((one) => one.flowId === flowId) ?? batch;
  return (
    <tr className={rows.row}>
      <td className={rows.main}>
        <Link to="/batches/$batchId" params={{ batchId: batch.id }}>
          {t("batches.number", { id: batch.id })}
        </Link>
      </td>
      <td className={rows.state} data-title={t("column.state")}>
        <BatchState batch={batch} />
      </td>
      <td className={rows.where} data-title={t("batches.page.model")}>
        {batch.model} <span className={rows.quiet}>{batch.connectionName}</span>
        {batch.message !== "" && (
          <span className={rows.cause} title={batch.message}>
            {batch.message}
          </span>
        )}
      </td>
      <td className={rows.figure} data-title={t("batches.answered")}>
        {t("batches.of", { answered: formats.number(part.answered), questions: formats.number(part.questions) })}
      </td>
      <td className={rows.figure} data-title={t("column.cost")}>
        {formats.money(Number(part.costUsd))}
      </td>
      <td className={rows.figure} data-title={t("batches.saved")}>
        {formats.money(Number(part.savedUsd))}
      </td>
      <td className={rows.moment} data-title={t("batches.when")}>
        <Moment at={batch.endedAt ?? batch.submittedAt ?? batch.createdAt} />
      </td>
    </tr>
  );
}
