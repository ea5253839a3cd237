import { Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ErrorCard } from "@/ui/ErrorCard";
import { FlowPage } from "../FlowPage";
import { shownQuery } from "../words";
import { Comparison } from "./Comparison";
import { revisionsQuery } from "./queries";
import { RevisionList } from "./RevisionList";
import classes from "./RevisionsPage.module.css";

const route = getRouteApi("/app/workflows/$flowId/revisions");

/** The history of a workflow: who published what and when, what changed, and the way back. */
export function RevisionsPage() {
  const { t } = useTranslation("workflows");
  const { flowId } = route.useParams();
  const search = route.useSearch();
  const shown = useQuery(shownQuery(flowId));
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(revisionsQuery(flowId));
  const rows = data?.pages.flatMap((page) => page.results);
  const draft = shown.data?.draft ?? undefined;
  const failure = shown.error ?? error;

  const to = search.to ?? (draft ? "draft" : rows?.[0]?.revisionId);
  const newest = rows?.[0]?.revisionId;
  const from = search.from ?? (to === "draft" ? newest : rows?.find((row) => Number(row.revisionId) < Number(to))?.revisionId);
  const name = shown.data?.name || t("unnamed", { id: flowId });

  return (
    <FlowPage flowId={flowId} name={shown.data ? name : "…"} current="revisions">
      {failure && !rows ? (
        <div className={classes.failure}>
          <ErrorCard
            error={failure}
            title={t("revisions.loadFailed")}
            onRetry={() => {
              void refetch();
              void shown.refetch();
            }}
          />
        </div>
      ) : !rows || !shown.data || to === undefined ? (
        <div className={classes.failure}>
          <Skeleton h={240} radius="lg" />
        </div>
      ) : (
        <div className={classes.body}>
          <RevisionList flowId={flowId} rows={rows} draft={draft} to={to} more={hasNextPage ? { loading: isFetchingNextPage, load: () => void fetchNextPage() } : undefined} />
          <Comparison key={`${from} ${to}`} flowId={flowId} rows={rows} hasDraft={draft !== undefined} from={from} to={to} />
        </div>
      )}
    </FlowPage>
  );
}
