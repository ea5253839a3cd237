import { Button, Checkbox, Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { SimpleTable, type SimpleColumn } from "@/ui/SimpleTable";
import classes from "../evals.module.css";
import type { SampleRow } from "../queries";
import { ValueText } from "@/features/records/values/ValueText";
import { type AnswerWords, useAnswerWords } from "../use-answer-words";
import { answersOf, changesOf } from "./read-row";

interface Props {
  flowId: string;
  rows: readonly SampleRow[];
  /** Positions of the chosen rows; undefined for those who may keep none. */
  chosen: ReadonlySet<number> | undefined;
  onToggle: (position: number) => void;
  onOpen: (position: number) => void;
}

/** What would have happened to each record of a sample. */
export function SampleRows({ flowId, rows, chosen, onToggle, onOpen }: Props) {
  const { t } = useTranslation("evals");
  const formats = useFormats();
  const words = useAnswerWords(flowId);
  const columns: SimpleColumn<SampleRow>[] = [
    {
      title: t("column.record"),
      cell: (row) => (
        <div className={classes.record}>
          {chosen && <Checkbox aria-label={t("sample.choose", { name: row.recordName })} checked={chosen.has(row.position)} disabled={!row.result || Boolean(row.result.error)} onChange={() => onToggle(row.position)} />}
          {row.recordName}
        </div>
      ),
    },
    { title: t("column.path"), cell: (row) => (row.result ? row.path : <Skeleton h={14} w={80} />) },
    { title: t("column.answer"), cell: (row) => <Answers row={row} words={words} /> },
    { title: t("column.changes"), cell: (row) => <Changes row={row} words={words} /> },
    { title: t("column.mails"), cell: (row) => row.result?.mails.map((mail) => <div key={mail.subject}>{mail.subject}</div>) },
    { title: t("column.cost"), align: "end", titled: true, cell: (row) => (row.result?.costUsd ? formats.money(Number(row.result.costUsd)) : "") },
    { title: t("column.seconds"), align: "end", titled: true, cell: (row) => (row.result ? formats.duration(row.result.seconds) : "") },
    ...(chosen
      ? [
          {
            title: "",
            cell: (row: SampleRow) =>
              row.result && (
                <Button size="xs" variant="subtle" onClick={() => onOpen(row.position)} aria-label={t("sample.correctRow", { name: row.recordName })}>
                  {t("sample.correct")}
                </Button>
              ),
          },
        ]
      : []),
  ];
  return <SimpleTable label={t("sample.rows")} minWidth={980} rows={rows} rowKey={(row) => String(row.position)} columns={columns} />;
}

function Answers({ row, words }: { row: SampleRow; words: AnswerWords }) {
  if (row.result?.error) return <span className={classes.failed}>{row.result.error.message}</span>;
  const answers = answersOf(row, words.said);
  return (
    <div className={classes.changes}>
      {answers.map(({ actionId, field, value }) => (
        <span key={`${actionId}.${field}`} className={classes.clamp}>
          {field === "text" ? value : `${words.label(actionId, field)}: ${value}`}
        </span>
      ))}
    </div>
  );
}

function Changes({ row, words }: { row: SampleRow; words: AnswerWords }) {
  return (
    <div className={classes.changes}>
      {changesOf(row).map(({ property: name, before, after }) => {
        const property = words.properties.get(name);
        const shown = (value: string) => (property ? <ValueText property={property} value={value} compact /> : value);
        return (
          <span key={name} className={classes.clamp}>
            {property?.label ?? name}: {before && <span className={classes.old}>{shown(before)}</span>} {shown(after)}
          </span>
        );
      })}
    </div>
  );
}
