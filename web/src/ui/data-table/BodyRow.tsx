import { Checkbox } from "@mantine/core";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { RenameIcon } from "@/design/icons";
import classes from "./DataTable.module.css";
import type { CellEdit, DataColumn } from "./types";

interface Props<Row> {
  row: Row;
  index: number;
  /** Pixels from the top of the body. */
  offset: number;
  columns: readonly DataColumn<Row>[];
  /** 1 when a column that selects comes first. */
  first: 0 | 1;
  name: string;
  selected: boolean | undefined;
  activeColumn: number | undefined;
  editing: number | undefined;
  edit: CellEdit;
  canEdit: boolean;
}

function Row<Data>({ row, index, offset, columns, first, name, selected, activeColumn, editing, edit, canEdit }: Props<Data>) {
  const { t } = useTranslation("table");
  return (
    <div
      role="row"
      className={classes.row}
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-row={index}
      data-selected={selected || undefined}
      style={{ transform: `translateY(${offset}px)` }}
    >
      {first === 1 && (
        <Cell column={0} active={activeColumn === 0} kind="select">
          <Checkbox checked={selected === true} readOnly tabIndex={-1} aria-label={t("selectRow", { name })} />
        </Cell>
      )}
      {columns.map((column, at) => {
        const place = at + first;
        const isEditing = editing === place && column.editor !== undefined;
        return (
          <Cell key={column.id} column={place} active={activeColumn === place} kind={at === 0 ? "name" : "value"} end={column.align === "end"} editing={isEditing}>
            {isEditing ? (
              column.editor?.(row, edit)
            ) : (
              <>
                <div className={classes.content}>{column.render(row)}</div>
                {canEdit && column.editor && (
                  <button type="button" className={classes.pencil} tabIndex={-1} data-edit aria-label={t("edit", { column: column.label, name })}>
                    <RenameIcon size={14} aria-hidden />
                  </button>
                )}
              </>
            )}
          </Cell>
        );
      })}
    </div>
  );
}

/** One row. It renders again only when something of this row changes. */
export const BodyRow = memo(Row) as typeof Row;

interface CellProps {
  column: number;
  active: boolean;
  kind: "select" | "name" | "value";
  end?: boolean;
  editing?: boolean;
  children: ReactNode;
}

function Cell({ column, active, kind, end = false, editing = false, children }: CellProps) {
  return (
    <div
      role={kind === "name" ? "rowheader" : "gridcell"}
      className={classes.cell}
      aria-colindex={column + 1}
      data-column={column}
      data-pinned={kind === "value" ? undefined : kind}
      data-end={end || undefined}
      data-editing={editing || undefined}
      tabIndex={active && !editing ? 0 : -1}
    >
      {children}
    </div>
  );
}
