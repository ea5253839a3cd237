import { Button, Select, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { UndoIcon } from "@/design/icons";
import { useDelayedFlag } from "@/ui/delayed-flag";
import { ErrorCard } from "@/ui/ErrorCard";
import { Withheld } from "@/ui/Withheld";
import { UndoDialog } from "../../undo/UndoDialog";
import { DifferencesView } from "../differences/DifferencesView";
import { useFlowWords } from "../words";
import classes from "./Comparison.module.css";
import { differencesQuery, type RevisionRow } from "./queries";
import { RestoreDialog } from "./RestoreDialog";

interface Props {
  flowId: string;
  rows: readonly RevisionRow[];
  hasDraft: boolean;
  /** Undefined when there is nothing before: the first revision. */
  from: string | undefined;
  to: string;
}

/** What changed between two revisions, or a revision and the draft. */
export function Comparison({ flowId, rows, hasDraft, from, to }: Props) {
  const { t } = useTranslation(["workflows", "undo"]);
  const { may } = useSession();
  const navigate = useNavigate();
  const [restoring, setRestoring] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const name = (place: string) => (place === "draft" ? t("revisions.draft") : t("revisions.revision", { number: place }));
  const others = rows.filter((row) => row.revisionId !== to).map((row) => ({ value: row.revisionId, label: name(row.revisionId) }));
  const live = rows.find((row) => row.isLive)?.revisionId;
  const restorable = to !== "draft" && (to !== live || hasDraft);

  return (
    <section className={classes.comparison} aria-label={t("revisions.comparison")}>
      <div className={classes.bar}>
        <h2 className={classes.title}>{name(to)}</h2>
        {from !== undefined && (
          <Select
            size="xs"
            label={t("revisions.against")}
            classNames={{ root: classes.against ?? "", wrapper: classes.place ?? "" }}
            data={others}
            value={from}
            onChange={(chosen) => chosen && void navigate({ to: "/workflows/$flowId/revisions", params: { flowId }, search: { to, from: chosen }, replace: true })}
          />
        )}
        {to !== "draft" && may("records.write") && (
          <Button variant="default" leftSection={<UndoIcon size={14} aria-hidden />} onClick={() => setUndoing(true)}>
            {t("undo:ofRevision.action")}
          </Button>
        )}
        {restorable && (
          <Withheld because={!may("flows.write") && t("create.refused")}>
            <Button variant="default" leftSection={<UndoIcon size={14} aria-hidden />} onClick={() => setRestoring(true)}>
              {t("restore.action")}
            </Button>
          </Withheld>
        )}
      </div>
      {from === undefined ? (
        <Text size="sm" c="dimmed">
          {t("revisions.nothingBefore")}
        </Text>
      ) : (
        <Changes flowId={flowId} from={from} to={to} />
      )}
      {undoing && <UndoDialog title={t("undo:ofRevision.title", { number: to })} selection={{ flowId, revisionId: to }} onClose={() => setUndoing(false)} />}
      {restoring && <RestoreDialog flowId={flowId} revisionId={to} hasDraft={hasDraft} onClose={() => setRestoring(false)} />}
    </section>
  );
}

function Changes({ flowId, from, to }: { flowId: string; from: string; to: string }) {
  const { t } = useTranslation("workflows");
  const words = useFlowWords(flowId);
  const { data, error, refetch } = useQuery(differencesQuery(flowId, from, to));
  const late = useDelayedFlag(!data && !error);
  if (error) return <ErrorCard error={error} title={t("revisions.compareFailed")} onRetry={() => void refetch()} />;
  if (!data) return late ? <Skeleton h={160} radius="lg" /> : null;
  if (data.steps.length + data.settings.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("revisions.same")}
      </Text>
    );
  }
  return <DifferencesView differences={data} words={words} />;
}
