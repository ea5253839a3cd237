import { Button, Skeleton } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useDelayedFlag } from "@/ui/delayed-flag";
import type { FlowRow as Row } from "../queries";
import { FlowRow } from "./FlowRow";
import classes from "./FlowTable.module.css";

interface Props {
  /** Undefined while the first ones are on their way. */
  rows: readonly Row[] | undefined;
  folders: readonly string[];
  more: { loading: boolean; load: () => void } | undefined;
}

const FIGURES = ["enrolled", "inside", "failed", "spend"] as const;

/** The workflows as a table; on narrow screens each row is a card. Further pages come as one nears the end. */
export function FlowTable({ rows, folders, more }: Props) {
  const { t } = useTranslation("workflows");
  const { ref, entry } = useIntersection({ rootMargin: "400px" });
  const near = entry?.isIntersecting === true;
  useEffect(() => {
    if (near && more && !more.loading) more.load();
  });

  return (
    <>
      <table className={classes.table} aria-label={t("title")} aria-busy={rows === undefined}>
        <thead>
          <tr>
            <th scope="col" className={classes.switch}>
              {t("column.on")}
            </th>
            <th scope="col">{t("column.name")}</th>
            {FIGURES.map((figure) => (
              <th key={figure} scope="col" className={classes.figure} title={t(`columnHint.${figure}`)}>
                {t(`column.${figure}`)}
              </th>
            ))}
            <th scope="col" className={classes.changed}>
              {t("column.changed")}
            </th>
            <th scope="col" className={classes.menu}>
              <span className="visually-hidden">{t("column.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>{rows === undefined ? <Shape /> : rows.map((row) => <FlowRow key={row.id} row={row} folders={folders} />)}</tbody>
      </table>
      {more && (
        <div className={classes.more} ref={ref}>
          <Button variant="default" loading={more.loading} onClick={more.load}>
            {t("ui:action.loadMore")}
          </Button>
        </div>
      )}
    </>
  );
}

function Shape() {
  const late = useDelayedFlag(true);
  if (!late) return null;
  return Array.from({ length: 8 }, (_, row) => (
    <tr key={row} className={classes.row}>
      <td className={classes.switch}>
        <Skeleton h={18} w={32} radius="xl" />
      </td>
      <td>
        <Skeleton h={14} w="45%" />
        <Skeleton h={10} w="30%" mt={8} />
      </td>
      {FIGURES.map((figure) => (
        <td key={figure} className={classes.figure}>
          <Skeleton h={12} w={40} ml="auto" />
        </td>
      ))}
      <td className={classes.changed}>
        <Skeleton h={12} w={90} />
      </td>
      <td className={classes.menu} />
    </tr>
  ));
}
