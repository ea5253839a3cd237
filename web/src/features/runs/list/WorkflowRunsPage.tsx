import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { UndoIcon } from "@/design/icons";
import { ErrorCard } from "@/ui/ErrorCard";
import { UndoDialog } from "../../undo/UndoDialog";
import { UndoProgress } from "../../undo/UndoProgress";
import { FlowPage } from "../../workflows/FlowPage";
import { BatchList } from "../batches/BatchList";
import { useLive } from "../live";
import { flowQuery, runKeys } from "../queries";
import { ActionLog } from "./ActionLog";
import { EnrollingProgress } from "./EnrollingProgress";
import { History } from "./History";
import { LogsDialog } from "./LogsDialog";
import { OperationProgress } from "./OperationProgress";
import { type RunsSearch, VIEWS } from "./search";
import classes from "./WorkflowRunsPage.module.css";

const route = getRouteApi("/app/workflows/$flowId/runs");

/** The runs of one workflow: who went in and how it came out, and every step that was taken. */
export function WorkflowRunsPage() {
  const { t } = useTranslation(["runs", "undo"]);
  const { may } = useSession();
  const [undoing, setUndoing] = useState(false);
  const [logs, setLogs] = useState(false);
  const { flowId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: flow, error, refetch } = useQuery(flowQuery(flowId));
  useLive({ flowId }, [runKeys.ofFlow(flowId)]);

  const change = (part: Partial<RunsSearch>) => void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  const name = typeof flow?.name === "string" && flow.name !== "" ? flow.name : t("unnamed", { id: flowId });

  return (
    <FlowPage flowId={flowId} name={name} current="runs">
      {error && flow === undefined ? (
        <div className={classes.failure}>
          <ErrorCard error={error} title={t("flowFailed")} onRetry={() => void refetch()} />
        </div>
      ) : (
        <>
          <div className={classes.views}>
            <SegmentedControl
              aria-label={t("view.label")}
              value={search.view ?? "history"}
              onChange={(view) => change({ view: VIEWS.find((one) => one === view) })}
              data={[
                { value: "history", label: t("view.history") },
                { value: "log", label: t("view.log") },
                { value: "batches", label: t("view.batches") },
              ]}
            />
            <EnrollingProgress flowId={flowId} />
            <OperationProgress flowId={flowId} />
            <UndoProgress flowId={flowId} />
            <div className={classes.deeds}>
              <Button size="xs" variant="default" onClick={() => setLogs(true)}>
                {t("logs.action")}
              </Button>
              {may("records.write") && (
                <Button size="xs" variant="default" leftSection={<UndoIcon size={14} aria-hidden />} onClick={() => setUndoing(true)}>
                  {t("undo:flow.action")}
                </Button>
              )}
            </div>
            {undoing && <UndoDialog title={t("undo:flow.title")} selection={{ flowId }} narrowing={flowId} onClose={() => setUndoing(false)} />}
          </div>
          {logs && <LogsDialog flowId={flowId} onClose={() => setLogs(false)} />}
          {search.view === "batches" ? (
            <BatchList flowId={flowId} />
          ) : search.view === "log" ? (
            <ActionLog flowId={flowId} search={search} onChange={change} />
          ) : (
            <History flowId={flowId} search={search} onChange={change} />
          )}
        </>
      )}
    </FlowPage>
  );
}
