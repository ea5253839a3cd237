import { Select } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCalendarWords } from "@/ui/calendar";
import { fromLocal, toLocal } from "../records/values/moments";
import { useActionNames } from "../runs/action-names";
import { revisionsQuery } from "../workflows/revisions/queries";
import type { Selection } from "./queries";
import classes from "./undo.module.css";

interface Props {
  flowId: string;
  selection: Selection;
  onChange: (selection: Selection) => void;
}

/** Which part of what a workflow wrote: a step, a revision, a span of time; all of it when nothing is chosen. */
export function Narrowing({ flowId, selection, onChange }: Props) {
  const { t } = useTranslation("undo");
  const calendar = useCalendarWords();
  const actions = useActionNames(flowId);
  const { data } = useInfiniteQuery(revisionsQuery(flowId));
  const revisions = data?.pages.flatMap((page) => page.results) ?? [];
  const change = (part: { [Key in keyof Selection]?: Selection[Key] | undefined }) => {
    const next = Object.fromEntries(Object.entries({ ...selection, ...part }).filter(([, value]) => value !== undefined && value !== null && value !== ""));
    onChange(next as Selection);
  };
  const moment = { ...calendar, valueFormat: "D MMM YYYY HH:mm", clearable: true, placeholder: t("anyTime"), popoverProps: { withinPortal: true } };
  return (
    <div className={classes.narrowing} role="group" aria-label={t("narrow")}>
      <Select
        label={t("step")}
        placeholder={t("everyStep")}
        clearable
        value={selection.actionId ?? null}
        onChange={(actionId) => change({ actionId: actionId ?? undefined })}
        data={actions.map(({ id, title }) => ({ value: id, label: title }))}
      />
      <Select
        label={t("revision")}
        placeholder={t("everyRevision")}
        clearable
        value={selection.revisionId ?? null}
        onChange={(revisionId) => change({ revisionId: revisionId ?? undefined })}
        data={revisions.map(({ revisionId }) => ({ value: revisionId, label: t("revisionNumber", { number: revisionId }) }))}
      />
      <DateTimePicker {...moment} label={t("from")} value={toLocal(selection.from ?? "")} onChange={(at) => change({ from: fromLocal(at) })} />
      <DateTimePicker {...moment} label={t("until")} value={toLocal(selection.until ?? "")} onChange={(at) => change({ until: fromLocal(at) })} />
    </div>
  );
}
