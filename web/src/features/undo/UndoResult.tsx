import { Button, Progress, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { UndoIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { DialogFooter } from "@/ui/DialogFooter";
import { sayProblem } from "@/ui/toast";
import { forget, isOpen, leftQuery, undoQuery, useStopUndo, useUndo } from "./queries";
import classes from "./undo.module.css";
import { UndoValues } from "./UndoValues";

/** How far an undo is, what it restored, and the values that it left. It goes on when the dialog is closed. */
export function UndoResult({ undoId, onClose }: { undoId: string; onClose: () => void }) {
  const { t } = useTranslation("undo");
  const { may } = useSession();
  const formats = useFormats();
  const client = useQueryClient();
  const [shown, setShown] = useState(undoId);
  const { data: undo } = useQuery(undoQuery(shown));
  const stop = useStopUndo();
  const back = useUndo();
  const open = undo !== undefined && isOpen(undo);
  const ended = undo !== undefined && !open;

  useEffect(() => {
    if (ended) void forget(client);
  }, [ended, client]);

  if (!undo) return null;
  const share = undo.records ? (100 * undo.done) / undo.records : 0;
  return (
    <Stack gap="md">
      {open && <Progress value={share} animated={undo.records === null} aria-label={t("progress")} />}
      <p className={classes.summary} role="status">
        {open
          ? t("under", { done: formats.number(undo.done), records: undo.records === null ? "…" : formats.number(undo.records) })
          : t(`ended.${undo.state}`, { count: undo.restored, restored: formats.number(undo.restored), message: undo.message })}
        {undo.unchanged > 0 && <span className={classes.quiet}> {t("already", { values: formats.number(undo.unchanged) })}</span>}
      </p>
      {open && (
        <Text size="sm" c="dimmed">
          {t("mayLeave")}
        </Text>
      )}
      {ended && undo.leftOut > 0 && <Left undoId={undo.id} count={undo.leftOut} />}
      <DialogFooter>
        {open && (
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate(undo.id, { onError: (error) => sayProblem(error) })}>
            {t("stop")}
          </Button>
        )}
        {ended && undo.restored > 0 && may("records.write") && (
          <Button
            variant="default"
            leftSection={<UndoIcon size={14} aria-hidden />}
            loading={back.isPending}
            onClick={() => back.mutate({ undoId: undo.id, startWorkflows: false }, { onSuccess: ({ id }) => setShown(id), onError: (error) => sayProblem(error, t("failed")) })}
          >
            {t("takeBack")}
          </Button>
        )}
        <Button onClick={onClose}>{t("ui:action.close")}</Button>
      </DialogFooter>
    </Stack>
  );
}

function Left({ undoId, count }: { undoId: string; count: number }) {
  const { t } = useTranslation("undo");
  const formats = useFormats();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(leftQuery(undoId));
  if (!data) return null;
  return (
    <section aria-label={t("whatStays")}>
      <h3 className={classes.title}>{t("stays", { values: formats.number(count) })}</h3>
      <UndoValues rows={data.pages.flatMap((page) => page.results)} kind="LEFT" />
      {hasNextPage && (
        <Button variant="default" className={classes.more} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("ui:action.loadMore")}
        </Button>
      )}
    </section>
  );
}
