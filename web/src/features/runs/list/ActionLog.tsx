import { Button, Select } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { HistoryIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { useActionNames } from "../action-names";
import { logQuery } from "../queries";
import { withChosen } from "./HistoryToolbar";
import { ListTable } from "./ListTable";
import { LogRow } from "./LogRow";
import { type RunsSearch, STEP_STATES, type StepState } from "./search";
import classes from "./Toolbar.module.css";

interface Props {
  flowId: string;
  search: RunsSearch;
  onChange: (part: Partial<RunsSearch>) => void;
}

const COLUMNS = ["action", "record", "state", "model", "cost", "at"] as const;

/** Action log: every step that a run of the workflow took, newest first. */
export function ActionLog({ flowId, search, onChange }: Props) {
  const { t } = useTranslation("runs");
  const actions = useActionNames(flowId);
  const names = new Map(actions.map(({ id, title }) => [id, title]));
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery(logQuery(flowId, search));
  const rows = data?.pages.flatMap((page) => page.results);
  const clear = () => onChange({ step: undefined, action: undefined });

  return (
    <>
      <div className={classes.bar} role="toolbar" aria-label={t("filter.label")}>
        <div className={classes.chips} role="group" aria-label={t("filter.state")}>
          {STEP_STATES.map((state: StepState) => (
            <button key={state} type="button" className={classes.chip} aria-pressed={search.step === state} onClick={() => onChange({ step: search.step === state ? undefined : state })}>
              {t(`step.${state}`)}
            </button>
          ))}
        </div>
        <div className={classes.fields}>
          <Select
            size="xs"
            className={classes.action}
            aria-label={t("filter.action")}
            placeholder={t("filter.action")}
            searchable
            clearable
            value={search.action ?? null}
            onChange={(action) => onChange({ action: action ?? undefined })}
            data={withChosen(actions.map(({ id, title }) => ({ value: id, label: title })), search.action, t("filter.actionNumber", { id: search.action ?? "" }))}
          />
          {(search.step || search.action) && (
            <Button size="compact-sm" variant="subtle" onClick={clear}>
              {t("filter.clear")}
            </Button>
          )}
        </div>
      </div>
      <ListTable
        label={t("view.log")}
        columns={COLUMNS.map((column) => t(`column.${column}`))}
        figures={[t("column.cost")]}
        stale={isPlaceholderData}
        rows={rows}
        row={(step) => <LogRow key={step.id} step={step} action={names.get(step.actionId) ?? step.actionTitle ?? step.actionTypeId} />}
        more={hasNextPage ? { loading: isFetchingNextPage, load: () => void fetchNextPage() } : undefined}
        failure={error && <ErrorCard error={error} title={t("listFailed")} onRetry={() => void refetch()} />}
        empty={
          <EmptyState
            icon={<HistoryIcon size={28} />}
            title={t(search.step || search.action ? "empty.narrowedLog" : "empty.log")}
            text={t(search.step || search.action ? "empty.narrowedText" : "empty.logText")}
            action={(search.step || search.action) && <Button onClick={clear}>{t("filter.clear")}</Button>}
          />
        }
      />
    </>
  );
}
