import { useTranslation } from "react-i18next";
import { SimpleTable } from "@/ui/SimpleTable";
import classes from "../evals.module.css";
import type { Comparison } from "../queries";

interface Props {
  label: string;
  rows: Comparison["fixed"];
  /** What the two runs are called: two models, or two runs. */
  before: string;
  after: string;
}

/** Checks that one of two runs passed and the other did not, with both answers. */
export function ChangedCases({ label, rows, before, after }: Props) {
  const { t } = useTranslation("evals");
  return (
    <SimpleTable
      label={label}
      minWidth={420}
      rows={rows}
      rowKey={(row) => `${row.caseId}.${row.field}.${row.expected}`}
      columns={[
        { title: t("column.case"), cell: (row) => <span className={classes.clamp}>{row.name}</span> },
        { title: t("column.expected"), cell: (row) => <span className={classes.clamp}>{`${row.field}: ${row.expected}`}</span> },
        { title: before, cell: (row) => <span className={classes.clamp}>{row.before}</span> },
        { title: after, cell: (row) => <span className={classes.clamp}>{row.after}</span> },
      ]}
    />
  );
}
