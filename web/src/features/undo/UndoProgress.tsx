import { Button, Modal, Progress, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { isOpen, undosOfFlowQuery } from "./queries";
import classes from "./undo.module.css";
import { UndoResult } from "./UndoResult";

/** How long the end of an undo stays said. */
const RECENT = 10 * 60_000;

/** The newest undo of what a workflow wrote: how far it is, or how it ended a moment ago, with what it left. */
export function UndoProgress({ flowId }: { flowId: string }) {
  const { t } = useTranslation("undo");
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const { data } = useQuery(undosOfFlowQuery(flowId));
  const undo = data?.find(isOpen) ?? data?.[0];
  if (!undo || (!isOpen(undo) && Date.now() - new Date(undo.updatedAt).getTime() > RECENT)) return null;
  return (
    <div className={classes.progress} role="status">
      <span>
        {isOpen(undo)
          ? t("under", { done: formats.number(undo.done), records: undo.records === null ? "…" : formats.number(undo.records) })
          : t(`ended.${undo.state}`, { count: undo.restored, restored: formats.number(undo.restored), message: undo.message })}
      </span>
      {isOpen(undo) && <Progress className={classes.meter} value={undo.records ? (100 * undo.done) / undo.records : 0} aria-label={t("progress")} />}
      <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
        {t("details")}
      </Button>
      {open && (
        <Modal opened onClose={() => setOpen(false)} size={880} title={<Text fw={600}>{t("undoNumber", { id: undo.id })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
          <UndoResult undoId={undo.id} onClose={() => setOpen(false)} />
        </Modal>
      )}
    </div>
  );
}
