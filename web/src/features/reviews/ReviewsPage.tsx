import { Button, SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { SucceededIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { Page } from "@/ui/Page";
import { PageSkeleton } from "@/ui/PageSkeleton";
import { useDelayedFlag } from "@/ui/delayed-flag";
import { isTyping } from "@/ui/shortcuts";
import { say } from "@/ui/toast";
import { type Queue, type Review, reviewsQuery, useDecideMany } from "./queries";
import { ReviewList } from "./ReviewList";
import { ReviewPanel } from "./ReviewPanel";
import classes from "./reviews.module.css";
import { queueOf } from "./search";

/** Doubtful answers of models: the queue at the side, the one that is looked at beside it. */
export function ReviewsPage() {
  const { t } = useTranslation("reviews");
  const { may } = useSession();
  const search = useSearch({ from: "/app/reviews" });
  const navigate = useNavigate({ from: "/reviews" });
  const state = queueOf(search);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(reviewsQuery(state, search.flow));
  const loading = useDelayedFlag(data === undefined && !error);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const decideMany = useDecideMany();
  const reviews = data?.pages.flatMap((page) => page.results) ?? [];
  const shown = search.review ?? reviews[0]?.id;
  const decides = may("runs.operate") && state === "WAITING";

  const choose = useCallback((review: string | undefined) => void navigate({ search: (before) => ({ ...before, review }), replace: true }), [navigate]);
  useMoving(reviews, shown, choose);

  /** The one that is decided leaves the list; the next one takes its place. */
  const goOn = (decided: string) => {
    const at = reviews.findIndex((review) => review.id === decided);
    choose(reviews[at + 1]?.id ?? reviews[at - 1]?.id);
  };
  const decideTicked = (verdict: "approve" | "reject") => {
    const ids = reviews.filter((review) => ticked.has(review.id)).map((review) => review.id);
    decideMany.mutate(
      { verdict, ids: ids.slice(0, 100) },
      {
        onSuccess: ({ results }) => {
          const left = results.filter((one) => one.state === null);
          setTicked(new Set(left.map((one) => one.id)));
          choose(undefined);
          say(t(left.length > 0 ? "many.someLeft" : verdict === "approve" ? "many.approved" : "many.rejected", { count: results.length - left.length, left: left.length, why: left[0]?.message ?? "" }));
        },
      },
    );
  };

  return (
    <Page
      flush
      title={t("title")}
      description={t("description")}
      actions={
        <SegmentedControl
          aria-label={t("which")}
          data={(["WAITING", "DECIDED"] as const).map((value) => ({ value, label: t(`queue.${value}`) }))}
          value={state}
          onChange={(value) => {
            setTicked(new Set());
            void navigate({ search: ({ flow }) => ({ ...(flow ? { flow } : {}), ...((value as Queue) === "DECIDED" ? { state: "DECIDED" as const } : {}) }) });
          }}
        />
      }
    >
      {data === undefined ? (
        <div className={classes.alone}>{error ? <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} /> : loading && <PageSkeleton />}</div>
      ) : reviews.length === 0 && !search.review ? (
        <div className={classes.alone}>
          <EmptyState icon={<SucceededIcon size={28} />} title={t(`empty.${state}.title`)} text={t(`empty.${state}.text`)} />
        </div>
      ) : (
        <div className={classes.split} data-chosen={search.review !== undefined || undefined}>
          <div className={classes.queue}>
            {decides && ticked.size > 0 && (
              <div className={classes.many} role="group" aria-label={t("many.label")}>
                <span>{t("many.ticked", { count: ticked.size })}</span>
                <Button size="compact-sm" loading={decideMany.isPending} onClick={() => decideTicked("approve")}>
                  {t("approve")}
                </Button>
                <Button size="compact-sm" variant="default" disabled={decideMany.isPending} onClick={() => decideTicked("reject")}>
                  {t("reject")}
                </Button>
              </div>
            )}
            <ReviewList reviews={reviews} shown={shown} ticked={ticked} onTick={decides ? setTicked : undefined} onChoose={choose} />
            {hasNextPage && (
              <Button variant="subtle" m="sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t("ui:action.loadMore")}
              </Button>
            )}
          </div>
          {shown && <ReviewPanel key={shown} reviewId={shown} onDecided={() => goOn(shown)} onBack={() => choose(undefined)} />}
        </div>
      )}
    </Page>
  );
}

/** J and K, as in mail: the next one and the one before. */
function useMoving(reviews: readonly Review[], shown: string | undefined, choose: (review: string | undefined) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
      if (step === 0) return;
      const next = reviews[reviews.findIndex((review) => review.id === shown) + step];
      if (!next) return;
      event.preventDefault();
      choose(next.id);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [reviews, shown, choose]);
}
