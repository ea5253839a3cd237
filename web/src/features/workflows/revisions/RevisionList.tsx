import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { components } from "@/api/schema";
import { Moment } from "@/ui/Moment";
import { StatusPill } from "@/ui/StatusPill";
import type { RevisionRow } from "./queries";
import classes from "./RevisionList.module.css";
import { useChangeSummary } from "./useChangeSummary";

interface Props {
  flowId: string;
  rows: readonly RevisionRow[];
  draft: components["schemas"]["DraftShape"] | undefined;
  /** The one whose changes are shown. */
  to: string;
  more: { loading: boolean; load: () => void } | undefined;
}

/** The draft and the published revisions, newest first, each with who, when and how much. */
export function RevisionList({ flowId, rows, draft, to, more }: Props) {
  const { t } = useTranslation("workflows");
  const summary = useChangeSummary();
  return (
    <nav className={classes.list} aria-label={t("revisions.list")}>
      {draft && (
        <Entry flowId={flowId} place="draft" current={to === "draft"} title={t("revisions.draft")} at={draft.savedAt} by={draft.savedBy.name} pill={<StatusPill tone="neutral">{t("revisions.unpublished")}</StatusPill>} />
      )}
      {rows.map((row) => (
        <Entry
          key={row.revisionId}
          flowId={flowId}
          place={row.revisionId}
          current={to === row.revisionId}
          title={t("revisions.revision", { number: row.revisionId })}
          at={row.createdAt}
          by={row.createdBy}
          summary={summary(row)}
          pill={row.isLive && <StatusPill tone="success">{t("revisions.live")}</StatusPill>}
        />
      ))}
      {more && (
        <Button variant="default" loading={more.loading} onClick={more.load} className={classes.more}>
          {t("ui:action.loadMore")}
        </Button>
      )}
    </nav>
  );
}

interface EntryProps {
  flowId: string;
  place: string;
  current: boolean;
  title: string;
  at: string;
  by: string;
  summary?: string;
  pill: React.ReactNode;
}

function Entry({ flowId, place, current, title, at, by, summary, pill }: EntryProps) {
  return (
    <Link
      to="/workflows/$flowId/revisions"
      params={{ flowId }}
      search={{ to: place }}
      className={classes.entry}
      data-current={current}
      aria-current={current ? "true" : undefined}
      activeProps={{ "aria-current": current ? "true" : undefined }}
    >
      <span className={classes.head}>
        <span className={classes.title}>{title}</span>
        {pill}
      </span>
      <span className={classes.by}>{by}</span>
      <span className={classes.when}>
        <Moment at={at} />
      </span>
      {summary && <span className={classes.summary}>{summary}</span>}
    </Link>
  );
}
