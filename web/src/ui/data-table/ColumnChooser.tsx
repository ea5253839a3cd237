import { ActionIcon, Button, Checkbox, Popover, TextInput } from "@mantine/core";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ColumnsIcon, DownIcon, GripIcon, SearchIcon, UpIcon } from "@/design/icons";
import classes from "./ColumnChooser.module.css";
import { type ColumnLayout, hideColumn, moveColumn, showColumn } from "./column-layout";

interface Props {
  columns: readonly { id: string; label: string }[];
  layout: ColumnLayout;
  onLayout: (layout: ColumnLayout) => void;
}

const MOST_OFFERED = 60; // more than that is found by searching

/** Chooses which columns a table shows, and in which order: by dragging, or with the arrows beside each. */
export function ColumnChooser({ columns, layout, onLayout }: Props) {
  const { t } = useTranslation("table");
  return (
    <Popover position="bottom-end" width={320} shadow="md" trapFocus withinPortal>
      <Popover.Target>
        <Button variant="default" leftSection={<ColumnsIcon size={15} aria-hidden />}>
          {t("columns")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.panel} aria-label={t("columns")}>
        <Chooser columns={columns} layout={layout} onLayout={onLayout} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Chooser({ columns, layout, onLayout }: Props) {
  const { t } = useTranslation("table");
  const [sought, setSought] = useState("");
  const [over, setOver] = useState<string>();
  const labels = new Map(columns.map((column) => [column.id, column.label]));
  const words = sought.trim().toLowerCase();
  const matches = (label: string) => label.toLowerCase().includes(words);
  const shown = layout.filter((place) => labels.has(place.id));
  const hidden = columns.filter((column) => !layout.some((place) => place.id === column.id) && matches(column.label));

  const dragging = (id: string, at: number) => ({
    draggable: true,
    onDragStart: (event: DragEvent) => event.dataTransfer.setData("text/plain", id),
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(id);
    },
    onDragEnd: () => setOver(undefined),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(undefined);
      onLayout(moveColumn(layout, event.dataTransfer.getData("text/plain"), at));
    },
  });

  return (
    <>
      <TextInput
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
        placeholder={t("searchColumns")}
        aria-label={t("searchColumns")}
        leftSection={<SearchIcon size={14} />}
        data-autofocus
      />
      <div className={classes.lists}>
        {words === "" && <h2 className={classes.heading}>{t("shown")}</h2>}
        <ul className={classes.list}>
          {shown.map(({ id }, at) => {
            const label = labels.get(id) ?? id;
            if (!matches(label)) return null;
            if (at === 0) {
              return (
                <li key={id} className={classes.item}>
                  <Checkbox checked disabled label={label} description={t("firstStays")} />
                </li>
              );
            }
            return (
              <li key={id} className={classes.item} data-over={over === id || undefined} {...dragging(id, at)}>
                <GripIcon size={14} className={classes.grip} aria-hidden />
                <Checkbox className={classes.check} checked onChange={() => onLayout(hideColumn(layout, id))} label={label} />
                <ActionIcon size={24} disabled={at === 1} aria-label={t("moveUp", { column: label })} onClick={() => onLayout(moveColumn(layout, id, at - 1))}>
                  <UpIcon size={14} />
                </ActionIcon>
                <ActionIcon size={24} disabled={at === shown.length - 1} aria-label={t("moveDown", { column: label })} onClick={() => onLayout(moveColumn(layout, id, at + 1))}>
                  <DownIcon size={14} />
                </ActionIcon>
              </li>
            );
          })}
        </ul>
        {hidden.length > 0 && <h2 className={classes.heading}>{t("hidden")}</h2>}
        <ul className={classes.list}>
          {hidden.slice(0, MOST_OFFERED).map(({ id, label }) => (
            <li key={id} className={classes.item}>
              <Checkbox className={classes.check} checked={false} onChange={() => onLayout(showColumn(layout, id))} label={label} />
            </li>
          ))}
        </ul>
        {hidden.length > MOST_OFFERED && <p className={classes.note}>{t("searchForMore", { count: hidden.length - MOST_OFFERED })}</p>}
      </div>
    </>
  );
}
