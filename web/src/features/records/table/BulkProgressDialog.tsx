import { Button, Modal, Progress, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { DialogFooter } from "@/ui/DialogFooter";
import { sayProblem } from "@/ui/toast";
import type { BulkEdit } from "../contract";
import { bulkEditQuery, cancelBulkEdit, isEnded, useRestore } from "../queries/bulk";

interface Props {
  objectType: string;
  started: BulkEdit;
  /** Work that follows this one: taking it back. */
  onWork: (work: BulkEdit) => void;
  onClose: () => void;
}

/** How far work on many records is. It goes on when the dialog is closed. */
export function BulkProgressDialog({ objectType, started, onWork, onClose }: Props) {
  const { t } = useTranslation("records");
  const formats = useFormats();
  const client = useQueryClient();
  const { data: work = started } = useQuery({ ...bulkEditQuery(started.id), initialData: started });
  const restore = useRestore(objectType);
  const ended = isEnded(work);
  const share = work.expected.count > 0 ? Math.min(100, (work.done / work.expected.count) * 100) : 0;

  useEffect(() => {
    if (ended) void client.invalidateQueries({ queryKey: ["records", objectType] });
  }, [ended, client, objectType]);

  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t(`bulk.kind.${work.kind}`)}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <Stack gap="sm">
        <Progress value={ended ? 100 : share} color={work.failed > 0 || work.state === "FAILED" ? "red" : undefined} aria-label={t(`bulk.kind.${work.kind}`)} />
        <Text size="sm" role="status">
          {t("bulk.progress", { done: formats.number(work.done), changed: formats.number(work.changed), failed: formats.number(work.failed) })}
        </Text>
        {work.message !== "" && <Text size="sm">{work.message}</Text>}
        {work.problems.length > 0 && (
          <ul>
            {work.problems.map((problem) => (
              <li key={problem.recordId}>
                <Link to="/records/$objectType/$recordId" params={{ objectType, recordId: problem.recordId }}>
                  #{problem.recordId}
                </Link>{" "}
                {problem.message}
              </li>
            ))}
          </ul>
        )}
        {!ended && (
          <Text size="sm" c="dimmed">
            {t("bulk.mayLeave")}
          </Text>
        )}
        <DialogFooter>
          {!ended && (
            <Button variant="default" onClick={() => void cancelBulkEdit(work.id).catch((error: unknown) => sayProblem(error))}>
              {t("bulk.stop")}
            </Button>
          )}
          {ended && work.kind === "archive" && work.changed > 0 && (
            <Button variant="default" loading={restore.isPending} onClick={() => restore.mutate(work.id, { onSuccess: onWork, onError: (error) => sayProblem(error) })}>
              {t("ui:action.undo")}
            </Button>
          )}
          <Button onClick={onClose}>{t("ui:action.close")}</Button>
        </DialogFooter>
      </Stack>
    </Modal>
  );
}
