import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ErrorCard } from "@/ui/ErrorCard";
import { FlowPage } from "../FlowPage";
import { shownQuery, useFlowWords } from "../words";
import classes from "./FlowSettingsPage.module.css";
import { FlowSpendingParts } from "./FlowSpendingParts";
import { LogsPart } from "./LogsPart";

const route = getRouteApi("/app/workflows/$flowId/settings");

/** What holds for a workflow as a whole: what it may cost, and how long its logs are kept. */
export function FlowSettingsPage() {
  const { t } = useTranslation("workflows");
  const { flowId } = route.useParams();
  const { cap } = route.useSearch();
  const navigate = route.useNavigate();
  const shown = useQuery(shownQuery(flowId));
  const words = useFlowWords(flowId);
  return (
    <FlowPage flowId={flowId} name={shown.data ? shown.data.name || t("unnamed", { id: flowId }) : "…"} current="settings">
      <div className={classes.body} tabIndex={0} role="group" aria-label={t("settings")}>
        {shown.error ? (
          <ErrorCard error={shown.error} title={t("flowSettings.loadFailed")} onRetry={() => void shown.refetch()} />
        ) : (
          <>
            <FlowSpendingParts flowId={flowId} nameOf={words.step} opened={cap} onOpen={(next) => void navigate({ search: next === undefined ? {} : { cap: next }, replace: next === undefined })} />
            <LogsPart flowId={flowId} />
          </>
        )}
      </div>
    </FlowPage>
  );
}
