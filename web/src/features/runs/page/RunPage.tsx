import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ErrorCard } from "@/ui/ErrorCard";
import { Page } from "@/ui/Page";
import { PageSkeleton } from "@/ui/PageSkeleton";
import { useDelayedFlag } from "@/ui/delayed-flag";
import { catalogQuery } from "../../editor/queries";
import { useLive } from "../live";
import { runKeys, runQuery } from "../queries";
import { RunStatus, stateOf } from "../RunStatus";
import { RunCanvas } from "./RunCanvas";
import { RunDeeds } from "./RunDeeds";
import classes from "./RunPage.module.css";
import { RunSummary } from "./RunSummary";
import { StepPanel } from "./StepPanel";

const route = getRouteApi("/app/runs/$runId");
const ENDED = new Set(["COMPLETED", "CANCELED", "UNENROLLED"]);

/** One record's passage through a workflow: the way it took on the workflow's tree, and all of every step. */
export function RunPage() {
  const { t } = useTranslation("runs");
  const { runId } = route.useParams();
  const { step } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: run, error, refetch } = useQuery(runQuery(runId));
  // Without the action types every step would be named as one of another system for a moment. If they cannot be
  // read, that is better than no run at all.
  const named = !useQuery(catalogQuery).isPending;
  const ready = run !== undefined && named;
  const waiting = useDelayedFlag(!ready && !error);
  useLive(run && !ENDED.has(run.status) ? { runId } : null, [runKeys.run(runId)]);

  if (!ready) {
    if (error && run === undefined) {
      return (
        <Page title={t("run", { id: runId })}>
          <ErrorCard error={error} title={t("runFailed")} onRetry={() => void refetch()} />
        </Page>
      );
    }
    return waiting ? <PageSkeleton /> : null;
  }
  const select = (actionId: string | undefined) => void navigate({ search: actionId === undefined ? {} : { step: actionId }, replace: true });

  return (
    <Page
      title={run.recordName || t("recordOnly", { id: run.recordId })}
      flush
      before={
        <>
          <Link to="/workflows/$flowId/runs" params={{ flowId: run.flowId }} className={classes.crumb}>
            {run.flow.name || t("unnamed", { id: run.flowId })}
          </Link>
          <span className={classes.slash} aria-hidden>
            /
          </span>
        </>
      }
      beside={<RunStatus state={stateOf(run)} />}
      actions={<RunDeeds run={run} />}
    >
      <div className={classes.work}>
        <div className={classes.canvas}>
          <RunCanvas run={run} selected={step ?? null} onSelect={select} />
        </div>
        <aside className={classes.panel} aria-label={t(step === undefined ? "panel.run" : "panel.step")}>
          {step === undefined ? <RunSummary run={run} onSelect={select} /> : <StepPanel key={step} run={run} actionId={step} onClose={() => select(undefined)} />}
        </aside>
      </div>
    </Page>
  );
}
