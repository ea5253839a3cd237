import { Checkbox, Menu } from "@mantine/core";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { DownIcon, HideIcon, NextIcon, PreviousIcon, ResetIcon, SortAscendingIcon, SortDescendingIcon, WiderIcon } from "@/design/icons";
import { hideColumn, moveColumn, resetWidth, resizeColumn } from "./column-layout";
import type { DataTableProps } from "./DataTable";
import classes from "./DataTable.module.css";
import { choose, NOTHING, stateOf } from "./selection";
import type { DataColumn } from "./types";
import type { ColumnModel } from "./useColumnModel";

const STEP = 40; // pixels that "Wider" and "Narrower" move the edge of a column
const DRAGGED = "application/x-penstock-column";

interface Props<Row> {
  table: DataTableProps<Row>;
  model: ColumnModel<Row>;
  /** The column whose header has the focus. */
  active: number | undefined;
  first: 0 | 1;
}

/** The row of column headers: a click sorts, an edge sizes, dragging moves, and the menu does all of it by keyboard. */
export function HeaderRow<Row>({ table, model, active, first }: Props<Row>) {
  const { t } = useTranslation("table");
  const { selection, onSelection, rows, rowId } = table;
  const [open, setOpen] = useState<string>();
  const ids = rows.map(rowId);
  const box = selection ? stateOf(selection, ids) : "none";
  const toggleAll = () => selection && onSelection?.(box === "none" ? choose(selection, ids, true) : NOTHING);

  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" className={classes.row} aria-rowindex={1} data-row={-1} data-still>
        {first === 1 && (
          <div
            role="columnheader"
            className={classes.cell}
            aria-colindex={1}
            data-column={0}
            data-pinned="select"
            tabIndex={active === 0 ? 0 : -1}
            onKeyDown={(event) => {
              if (event.key !== " " && event.key !== "Enter") return;
              event.preventDefault();
              toggleAll();
            }}
          >
            <Checkbox checked={box === "all"} indeterminate={box === "some"} onChange={toggleAll} tabIndex={-1} aria-label={t("selectLoaded")} />
          </div>
        )}
        {model.columns.map((column, at) => (
          <HeaderCell
            key={column.id}
            column={column}
            at={at}
            place={at + first}
            table={table}
            model={model}
            active={active === at + first}
            open={open === column.id}
            onOpen={(opened) => setOpen(opened ? column.id : undefined)}
          />
        ))}
      </div>
    </div>
  );
}

interface CellProps<Row> {
  column: DataColumn<Row>;
  at: number;
  place: number;
  table: DataTableProps<Row>;
  model: ColumnModel<Row>;
  active: boolean;
  open: boolean;
  onOpen: (open: boolean) => void;
}

function HeaderCell<Row>({ column, at, place, table, model, active, open, onOpen }: CellProps<Row>) {
  const { t } = useTranslation("table");
  const { layout, onLayout, sort, onSort } = table;
  const [over, setOver] = useState(false);
  const sorted = sort?.column === column.id ? sort.direction : undefined;
  const canSort = column.sortable === true && onSort !== undefined;
  const pinned = at === 0;
  const sortNext = () => canSort && onSort({ column: column.id, direction: sorted === "ASCENDING" ? "DESCENDING" : "ASCENDING" });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    if (event.altKey && event.key === "ArrowDown") {
      event.preventDefault();
      onOpen(true);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (canSort) sortNext();
      else onOpen(true);
    }
  };

  const drag = pinned
    ? {}
    : {
        draggable: model.resizing === undefined,
        onDragStart: (event: DragEvent) => event.dataTransfer.setData(DRAGGED, column.id),
        onDragOver: (event: DragEvent) => {
          if (!event.dataTransfer.types.includes(DRAGGED)) return;
          event.preventDefault();
          setOver(true);
        },
        onDragLeave: () => setOver(false),
        onDrop: (event: DragEvent) => {
          setOver(false);
          const id = event.dataTransfer.getData(DRAGGED);
          if (id) onLayout(moveColumn(layout, id, at));
        },
      };

  return (
    <div
      role="columnheader"
      className={classes.cell}
      aria-colindex={place + 1}
      aria-sort={canSort ? (sorted === undefined ? "none" : sorted === "ASCENDING" ? "ascending" : "descending") : undefined}
      data-column={place}
      data-pinned={pinned ? "name" : undefined}
      data-end={column.align === "end" || undefined}
      data-over={over || undefined}
      tabIndex={active ? 0 : -1}
      onKeyDown={onKeyDown}
      {...drag}
    >
      <button type="button" className={classes.sort} tabIndex={-1} onClick={canSort ? sortNext : () => onOpen(true)} title={column.label}>
        <span className={classes.label}>{column.label}</span>
        {sorted === "ASCENDING" && <SortAscendingIcon size={14} aria-hidden />}
        {sorted === "DESCENDING" && <SortDescendingIcon size={14} aria-hidden />}
      </button>
      {open ? (
        <Menu opened onChange={onOpen} position="bottom-end" width={200} returnFocus={false}>
          <Menu.Target>
            <button type="button" className={classes.menu} data-open tabIndex={-1} aria-label={t("columnMenu", { column: column.label })}>
              <DownIcon size={14} aria-hidden />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {canSort && (
              <>
                <Menu.Item leftSection={<SortAscendingIcon size={16} />} onClick={() => onSort({ column: column.id, direction: "ASCENDING" })}>
                  {t("sortAscending")}
                </Menu.Item>
                <Menu.Item leftSection={<SortDescendingIcon size={16} />} onClick={() => onSort({ column: column.id, direction: "DESCENDING" })}>
                  {t("sortDescending")}
                </Menu.Item>
                <Menu.Divider />
              </>
            )}
            {!pinned && (
              <>
                <Menu.Item leftSection={<PreviousIcon size={16} />} disabled={at <= 1} onClick={() => onLayout(moveColumn(layout, column.id, at - 1))}>
                  {t("moveLeft")}
                </Menu.Item>
                <Menu.Item leftSection={<NextIcon size={16} />} disabled={at >= layout.length - 1} onClick={() => onLayout(moveColumn(layout, column.id, at + 1))}>
                  {t("moveRight")}
                </Menu.Item>
              </>
            )}
            <Menu.Item leftSection={<WiderIcon size={16} />} closeMenuOnClick={false} onClick={() => onLayout(resizeColumn(layout, column.id, (model.widths[at] ?? 0) + STEP))}>
              {t("wider")}
            </Menu.Item>
            <Menu.Item leftSection={<WiderIcon size={16} />} closeMenuOnClick={false} onClick={() => onLayout(resizeColumn(layout, column.id, (model.widths[at] ?? 0) - STEP))}>
              {t("narrower")}
            </Menu.Item>
            <Menu.Item leftSection={<ResetIcon size={16} />} onClick={() => onLayout(resetWidth(layout, column.id))}>
              {t("resetWidth")}
            </Menu.Item>
            {!pinned && (
              <>
                <Menu.Divider />
                <Menu.Item leftSection={<HideIcon size={16} />} onClick={() => onLayout(hideColumn(layout, column.id))}>
                  {t("hide")}
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      ) : (
        // The menu is mounted when it is first wanted: one for each column would cost more than the table.
        <button type="button" className={classes.menu} tabIndex={-1} aria-label={t("columnMenu", { column: column.label })} aria-haspopup="menu" onClick={() => onOpen(true)}>
          <DownIcon size={14} aria-hidden />
        </button>
      )}
      <span
        aria-hidden
        className={classes.edge}
        data-resizing={model.resizing === column.id || undefined}
        onMouseDown={model.startResize(at)}
        onTouchStart={model.startResize(at)}
        onDoubleClick={() => onLayout(resetWidth(layout, column.id))}
        draggable={false}
      />
    </div>
  );
}
