import { Button, CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { DeleteIcon, DownloadIcon, RenameIcon, WorkflowsIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { EVERYTHING, NOTHING, type Selection } from "@/ui/data-table/selection";
import { say, sayProblem } from "@/ui/toast";
import { Withheld } from "@/ui/Withheld";
import type { BulkEdit, Count, Which } from "../contract";
import { exportAddress, isEnded, useArchive, useRestore } from "../queries/bulk";
import { countQuery } from "../queries/rows";
import { BulkEditDialog } from "./BulkEditDialog";
import { EnrollDialog } from "./EnrollDialog";
import classes from "./Toolbar.module.css";
import type { RecordsTable } from "./useRecordsTable";

interface Props {
  objectType: string;
  table: RecordsTable;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  /** Work that goes on, or did not wholly succeed: shown beyond the life of this bar. */
  onWork: (work: BulkEdit) => void;
}

/** In the toolbar's place while rows are chosen: how many, and what can be done with them. */
export function SelectionBar({ objectType, table, selection, onSelection, onWork }: Props) {
  const { t } = useTranslation("records");
  const { may } = useSession();
  const formats = useFormats();
  const { state, rows, found, type } = table;
  const matching = { filter: state.filter, search: state.search };
  const { data: count } = useQuery(countQuery(objectType, matching));
  const [dialog, setDialog] = useState<"edit" | "enroll">();
  const archive = useArchive(objectType);
  const restore = useRestore(objectType);
  const chosen: Count = selection.all ? (count ?? { count: rows.length, exact: false }) : { count: selection.ids.size, exact: true };
  const which: Which = selection.all ? { matching } : { recordIds: [...selection.ids] };
  const words = t(chosen.exact ? "selection.count" : "selection.atLeast", { count: chosen.count, shown: formats.number(chosen.count) });
  const allLoaded = !selection.all && selection.ids.size === rows.length && found.hasNextPage;
  const mayWrite = may("records.write");

  const doArchive = () =>
    archive.mutate(which, {
      onSuccess: (made) => {
        onSelection(NOTHING);
        if (!isEnded(made) || made.failed > 0) return onWork(made);
        say(t("archive.done", { count: made.changed, shown: formats.number(made.changed) }), () =>
          // A promise, since this bar is gone by then and its callbacks with it.
          restore.mutateAsync(made.id).then(
            (back) => (isEnded(back) && back.failed === 0 ? say(t("archive.undone", { count: back.changed, shown: formats.number(back.changed) })) : onWork(back)),
            sayProblem,
          ),
        );
        return undefined;
      },
      onError: (error) => sayProblem(error),
    });

  const exportChosen = () => {
    const wanted = { sort: state.sort, properties: [...type.nameProperties, ...state.columns.map((column) => column.id)] };
    return exportAddress(objectType, selection.all ? { ...wanted, ...matching } : { ...wanted, recordIds: [...selection.ids] });
  };

  return (
    <div className={classes.bar} role="toolbar" aria-label={t("selection.toolbar")} data-selecting>
      <CloseButton size="sm" aria-label={t("selection.clear")} onClick={() => onSelection(NOTHING)} />
      <span className={classes.count} role="status">
        {words}
      </span>
      {allLoaded && (
        <Button variant="subtle" size="compact-xs" onClick={() => onSelection(EVERYTHING)}>
          {count?.exact ? t("selection.all", { count: count.count, shown: formats.number(count.count) }) : t("selection.allMatching")}
        </Button>
      )}
      <Withheld because={!mayWrite && t("readOnly")}>
        <Button variant="default" leftSection={<RenameIcon size={14} aria-hidden />} onClick={() => setDialog("edit")}>
          {t("bulk.edit")}
        </Button>
      </Withheld>
      <Withheld because={!may("runs.operate") && t("enroll.refused")}>
        <Button variant="default" leftSection={<WorkflowsIcon size={14} aria-hidden />} onClick={() => setDialog("enroll")}>
          {t("enroll.action")}
        </Button>
      </Withheld>
      {may("records.export") && (
        <Button component="a" variant="default" leftSection={<DownloadIcon size={14} aria-hidden />} download href={exportChosen()}>
          {t("export.action")}
        </Button>
      )}
      <Withheld because={!mayWrite && t("readOnly")}>
        <Button variant="default" leftSection={<DeleteIcon size={14} aria-hidden />} loading={archive.isPending} onClick={doArchive}>
          {t("archive.action")}
        </Button>
      </Withheld>
      {dialog === "edit" && (
        <BulkEditDialog
          objectType={objectType}
          properties={table.properties ?? []}
          which={which}
          words={words}
          onClose={() => setDialog(undefined)}
          onStarted={(made) => {
            setDialog(undefined);
            onSelection(NOTHING);
            if (isEnded(made) && made.failed === 0) say(t("bulk.done", { count: made.changed, shown: formats.number(made.changed) }));
            else onWork(made);
          }}
        />
      )}
      {dialog === "enroll" && (
        <EnrollDialog
          objectType={objectType}
          which={which}
          words={words}
          number={chosen.count}
          onClose={() => setDialog(undefined)}
          onDone={() => {
            setDialog(undefined);
            onSelection(NOTHING);
          }}
        />
      )}
    </div>
  );
}
