import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ErrorCard } from "@/ui/ErrorCard";
import { FlowPage } from "../workflows/FlowPage";
import { shownQuery } from "../workflows/words";
import classes from "./evals.module.css";
import { setsQuery } from "./queries";
import { SampleList } from "./samples/SampleList";
import { SampleView } from "./samples/SampleView";
import { SetList } from "./sets/SetList";
import { SetView } from "./sets/SetView";

const route = getRouteApi("/app/workflows/$flowId/evals");

/** Trying a workflow before records go through it: samples of it, and the evals that publishing waits for. */
export function EvalsPage() {
  const { t } = useTranslation("evals");
  const { flowId } = route.useParams();
  const search = route.useSearch();
  const shown = useQuery(shownQuery(flowId));
  const sets = useQuery(setsQuery(flowId));
  const failure = shown.error ?? sets.error;
  const set = sets.data?.find(({ id }) => id === search.set);
  const name = shown.data ? shown.data.name || t("workflows:unnamed", { id: flowId }) : "…";

  return (
    <FlowPage flowId={flowId} name={name} current="evals">
      <div className={classes.body} tabIndex={0} role="group" aria-label={t("title")}>
        {failure ? (
          <ErrorCard
            error={failure}
            title={t("loadFailed")}
            onRetry={() => {
              void shown.refetch();
              void sets.refetch();
            }}
          />
        ) : !sets.data || !shown.data ? (
          <Skeleton h={240} radius="lg" />
        ) : search.sample ? (
          <SampleView key={search.sample} flowId={flowId} sampleId={search.sample} sets={sets.data} />
        ) : set ? (
          <SetView key={set.id} flowId={flowId} set={set} runId={search.run} />
        ) : (
          <>
            <SampleList flowId={flowId} />
            <SetList flowId={flowId} sets={sets.data} />
          </>
        )}
      </div>
    </FlowPage>
  );
}
