import { Button, Skeleton } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useDelayedFlag } from "@/ui/delayed-flag";
import classes from "./ListTable.module.css";

interface Props<Row> {
  label: string;
  columns: readonly string[];
  /** Those of `columns` whose values are figures, which stand at the right. */
  figures?: readonly string[];
  /** Undefined while the first ones are on their way. */
  rows: readonly Row[] | undefined;
  row: (row: Row) => ReactNode;
  /** The rows are those of the filter before. */
  stale: boolean;
  more: { loading: boolean; load: () => void } | undefined;
  failure: ReactNode;
  empty: ReactNode;
}

/** A list whose further pages come as one nears the end; on narrow screens each row is a card. */
export function ListTable<Row>({ label, columns, figures = [], rows, row, stale, more, failure, empty }: Props<Row>) {
  const { t } = useTranslation();
  const { ref, entry } = useIntersection({ rootMargin: "400px" });
  const near = entry?.isIntersecting === true;
  const waiting = useDelayedFlag(rows === undefined);
  useEffect(() => {
    if (near && more && !more.loading) more.load();
  });

  if (rows === undefined && failure) return <div className={classes.aside}>{failure}</div>;
  if (rows?.length === 0) return <div className={classes.aside}>{empty}</div>;
  return (
    <div className={classes.scroll} data-stale={stale}>
      <table className={classes.table} aria-label={label} aria-busy={rows === undefined}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={figures.includes(column) ? classes.figure : undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows?.map(row)}
          {waiting &&
            Array.from({ length: 10 }, (_, index) => (
              <tr key={index}>
                {columns.map((column) => (
                  <td key={column}>
                    <Skeleton h={14} w={index % 2 === 0 ? "70%" : "55%"} />
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
      {more && (
        <div ref={ref} className={classes.further}>
          <Button variant="subtle" loading={more.loading} onClick={more.load}>
            {t("action.loadMore")}
          </Button>
        </div>
      )}
    </div>
  );
}
