import { useTranslation } from "react-i18next";
import { SimpleTable } from "@/ui/SimpleTable";
import classes from "../evals.module.css";
import type { Comparison } from "../queries";
import { useAnswerWords } from "../use-answer-words";

interface Props {
  label: string;
  rows: Comparison["fixed"];
  /** What the two runs are called: two models, or two runs. */
  before: string;
  after: string;
  /** Whose step was asked: its fields and answers are shown as people call them. */
  flowId: string;
  actionId: string;
}

/** Checks that one of two runs passed and the other did not, with both answers. */
export function ChangedCases({ label, rows, before, after, flowId, actionId }: Props) {
  const { t } = useTranslation("evals");
  const words = useAnswerWords(flowId);
  const said = (field: string, value: string) => words.said(actionId, field, value);
  return (
    <SimpleTable
      label={label}
      minWidth={420}
      rows={rows}
      rowKey={(row) => `${row.caseId}.${row.field}.${row.expected}`}
      columns={[
        { title: t("column.case"), cell: (row) => <span className={classes.clamp}>{row.name}</span> },
        { title: t("column.expected"), cell: (row) => <span className={classes.clamp}>{`${words.label(actionId, row.field)}: ${said(row.field, row.expected)}`}</span> },
        { title: before, cell: (row) => <span className={classes.clamp}>{said(row.field, row.before)}</span> },
        { title: after, cell: (row) => <span className={classes.clamp}>{said(row.field, row.after)}</span> },
      ]}
    />
  );
}
