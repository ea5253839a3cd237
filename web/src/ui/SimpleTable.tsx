import { Skeleton, Table } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./SimpleTable.module.css";

export interface SimpleColumn<Row> {
  /** Empty for a column of buttons, which stays at the right when the table is scrolled sideways. */
  title: string;
  cell: (row: Row) => ReactNode;
  /** Numbers and money stand at the right. */
  align?: "end";
  /** On a phone a row begins with its first cell, without a title; `true` for one that says nothing without it, such as a number. */
  titled?: boolean;
  /** CSS width, such as "160px". */
  width?: string;
}

interface Props<Row> {
  /** What the table holds, for screen readers. */
  label: string;
  columns: readonly SimpleColumn<Row>[];
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  onRowClick?: (row: Row) => void;
  /** The rows shown are being replaced. */
  busy?: boolean;
  /** Pixels below which the table scrolls sideways instead of growing narrower. */
  minWidth?: number;
  /** On a phone each row becomes a block, one line a column; figures by day are compared better as a table that scrolls. */
  narrow?: "blocks" | "scroll";
}

/** A short table of what a page of a list holds; while `rows` is undefined it shows its shape. */
export function SimpleTable<Row>({ label, columns, rows, rowKey, onRowClick, busy = false, minWidth = 560, narrow = "blocks" }: Props<Row>) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      className={classes.scroll}
      data-narrow={narrow}
      classNames={{ scrollContainerInner: classes.inner }}
      // Scrolled sideways with the keyboard on a narrow screen, where nothing inside may take the focus.
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "group", "aria-label": label } }}
    >
      <Table highlightOnHover={Boolean(onRowClick)} aria-label={label} aria-busy={busy || rows === undefined} className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) =>
              column.title === "" ? (
                <Table.Td key="" style={{ width: column.width }} data-buttons />
              ) : (
                <Table.Th key={column.title} style={{ width: column.width }} data-align={column.align}>
                  {column.title}
                </Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows === undefined
            ? Array.from({ length: 5 }, (_, row) => (
                <Table.Tr key={row}>
                  {columns.map((column) => (
                    <Table.Td key={column.title}>
                      <Skeleton h={16} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))
            : rows.map((row) => (
                <Table.Tr key={rowKey(row)} onClick={onRowClick && (() => onRowClick(row))} data-clickable={Boolean(onRowClick)}>
                  {columns.map((column) => (
                    <Table.Td key={column.title} data-label={column.title} data-align={column.align} data-titled={column.titled} data-buttons={column.title === "" || undefined}>
                      <div className={classes.value}>{column.cell(row)}</div>
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
