import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { SpendIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { LinkButton } from "@/ui/LinkButton";
import { Page } from "@/ui/Page";
import { PageSkeleton } from "@/ui/PageSkeleton";
import { useDelayedFlag } from "@/ui/delayed-flag";
import { Caps } from "./caps/Caps";
import { FlowPerformance } from "./FlowPerformance";
import { spendQuery } from "./queries";
import type { SpendSearch } from "./search";
import classes from "./SpendPage.module.css";
import { SpendTable } from "./SpendTable";
import { SpendToolbar } from "./SpendToolbar";
import { SpendByDay } from "./SpendByDay";
import { Totals } from "./Totals";

const route = getRouteApi("/app/spend");

/** What model calls used and cost, by day and by workflow, model or connection; and how one workflow does. */
export function SpendPage() {
  const { t } = useTranslation("spend");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const by = search.by ?? "flow";
  const days = useQuery(spendQuery(search, ["day"]));
  const groups = useQuery(spendQuery(search, [by]));
  const waiting = useDelayedFlag(days.data === undefined && !days.error);
  const change = (part: Partial<SpendSearch>) => void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  const nothing = days.data?.totals.calls === 0 && search.flow === undefined && search.from === undefined && search.to === undefined;

  const caps = <Caps flowId={search.flow} opened={search.cap} onOpen={(cap) => void navigate({ search: (now) => ({ ...now, cap }), replace: cap === undefined })} />;

  return (
    <Page title={t("title")}>
      {days.data === undefined ? (
        days.error ? (
          <ErrorCard error={days.error} title={t("loadFailed")} onRetry={() => void days.refetch()} />
        ) : (
          waiting && <PageSkeleton />
        )
      ) : nothing ? (
        <div className={classes.page}>
          <EmptyState icon={<SpendIcon size={28} />} title={t("empty.title")} text={t("empty.text")} action={<LinkButton to="/workflows">{t("empty.action")}</LinkButton>} />
          {caps}
        </div>
      ) : (
        <div className={classes.page} data-stale={days.isPlaceholderData}>
          <SpendToolbar search={search} spend={days.data} onChange={change} />
          <Totals spend={days.data} whole={search.flow === undefined} />
          {caps}
          <SpendByDay spend={days.data} />
          {search.flow !== undefined && <FlowPerformance flowId={search.flow} search={search} />}
          <SpendTable spend={groups.data} by={by} onBy={(chosen) => change({ by: chosen === "flow" ? undefined : chosen })} onFlow={(flow) => change({ flow })} />
        </div>
      )}
    </Page>
  );
}
