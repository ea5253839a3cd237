import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { CloseIcon } from "@/design/icons";
import { DayFilter } from "@/ui/DayFilter";
import { useActionNames } from "../action-names";
import { useCountWords } from "../counting";
import { countsQuery, type RunCounts } from "../queries";
import { isNarrowed, RUN_STATES, type RunsSearch, type RunState } from "./search";
import classes from "./Toolbar.module.css";

interface Props {
  flowId: string;
  search: RunsSearch;
  onChange: (part: Partial<RunsSearch>) => void;
}

const COUNTED_AS: Record<RunState, keyof RunCounts> = {
  ACTIVE: "active",
  WAITING: "waiting",
  PAUSED: "paused",
  AT_CAP: "atCap",
  AWAITING_TURN: "awaitingTurn",
  COMPLETED: "completed",
  FAILED: "failed",
  CANCELED: "canceled",
  UNENROLLED: "unenrolled",
};

/** Offered where there are any. */
const RARE: ReadonlySet<RunState> = new Set(["AT_CAP", "AWAITING_TURN"]);

/** Narrows the history: by state with how many there are of each, by action, by cause, by days. */
export function HistoryToolbar({ flowId, search, onChange }: Props) {
  const { t } = useTranslation("runs");
  const { data: counts } = useQuery(countsQuery(flowId));
  const number = useCountWords();
  const actions = useActionNames(flowId);
  const chosen = search.status ?? [];

  const toggle = (state: RunState) => {
    const status = chosen.includes(state) ? chosen.filter((one) => one !== state) : RUN_STATES.filter((one) => one === state || chosen.includes(one));
    onChange({ status: status.length > 0 ? status : undefined });
  };

  return (
    <div className={classes.bar} role="toolbar" aria-label={t("filter.label")}>
      <div className={classes.chips} role="group" aria-label={t("filter.state")}>
        {RUN_STATES.map((state) => {
          const count = counts?.[COUNTED_AS[state]];
          if (RARE.has(state) && !count?.count && !chosen.includes(state)) return null;
          return (
            <button key={state} type="button" className={classes.chip} aria-pressed={chosen.includes(state)} data-nothing={count?.count === 0} onClick={() => toggle(state)}>
              {t(`state.${state}`)}
              {count && <span className={classes.count}>{number(count)}</span>}
            </button>
          );
        })}
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
        <DayFilter label={t("filter.from")} short={t("filter.fromShort")} value={search.from} max={search.to} clearable onChange={(from) => onChange({ from })} />
        <DayFilter label={t("filter.to")} short={t("filter.toShort")} value={search.to} min={search.from} clearable onChange={(to) => onChange({ to })} />
        {search.code && (
          <Button size="compact-sm" variant="light" rightSection={<CloseIcon size={12} aria-hidden />} onClick={() => onChange({ code: undefined })} aria-label={t("filter.removeCode", { code: search.code })}>
            {t(`attention:cause.${search.code}.title`, { defaultValue: search.code })}
          </Button>
        )}
        {isNarrowed({ ...search, step: undefined }) && (
          <Button size="compact-sm" variant="subtle" onClick={() => onChange({ status: undefined, action: undefined, code: undefined, from: undefined, to: undefined })}>
            {t("filter.clear")}
          </Button>
        )}
      </div>
    </div>
  );
}

/** An action that the workflow no longer has stays chosen, under its number. */
export function withChosen(actions: { value: string; label: string }[], chosen: string | undefined, label: string) {
  return chosen === undefined || actions.some(({ value }) => value === chosen) ? actions : [...actions, { value: chosen, label }];
}
