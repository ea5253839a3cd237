import { Button, Checkbox, Modal, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { DialogFooter } from "@/ui/DialogFooter";
import { ErrorCard } from "@/ui/ErrorCard";
import { sayProblem } from "@/ui/toast";
import { Narrowing } from "./Narrowing";
import { previewQuery, type Selection, type Shown, useUndo } from "./queries";
import classes from "./undo.module.css";
import { UndoResult } from "./UndoResult";
import { UndoValues } from "./UndoValues";

interface Props {
  title: string;
  /** What is to be taken back. With `narrowing` people choose what of this workflow. */
  selection: Selection;
  narrowing?: string;
  onClose: () => void;
}

/** Shows what an undo would change and what it would leave, and does it. */
export function UndoDialog({ title, selection, narrowing, onClose }: Props) {
  const { t } = useTranslation("undo");
  const [wanted, setWanted] = useState(selection);
  const [begun, setBegun] = useState<string>();
  return (
    <Modal opened onClose={onClose} size={880} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      {begun === undefined ? (
        <Stack gap="md">
          {narrowing !== undefined && <Narrowing flowId={narrowing} selection={wanted} onChange={setWanted} />}
          <Preview selection={wanted} onBegun={setBegun} onClose={onClose} />
        </Stack>
      ) : (
        <UndoResult undoId={begun} onClose={onClose} />
      )}
    </Modal>
  );
}

interface PreviewProps {
  selection: Selection;
  onBegun: (undoId: string) => void;
  onClose: () => void;
}

function Preview({ selection, onBegun, onClose }: PreviewProps) {
  const { t } = useTranslation("undo");
  const formats = useFormats();
  const [show, setShow] = useState<Shown>("RESTORE");
  const [startWorkflows, setStartWorkflows] = useState(false);
  const { data, error, refetch, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(previewQuery(selection, show));
  const undo = useUndo();
  const first = data?.pages[0];
  if (error) return <ErrorCard error={error} title={t("previewFailed")} onRetry={() => void refetch()} />;
  if (!first) return <Skeleton h={180} radius="lg" aria-label={t("looking")} />;

  const stay = first.left.reduce((sum, { values }) => sum + values, 0);
  const least = first.exact ? "exactly" : "atLeast";
  const rows = data.pages.flatMap((page) => page.results);
  const begin = () =>
    undo.mutate(
      { ...selection, startWorkflows },
      { onSuccess: ({ id }) => onBegun(id), onError: (problem) => sayProblem(problem, t("failed")) },
    );

  return (
    <Stack gap="md">
      <p className={classes.summary} role="status">
        {first.values === 0 ? t(stay === 0 ? "nothing" : "nothingGoesBack") : t(`summary.${least}`, { values: formats.number(first.values), records: formats.number(first.records) })}
        {first.unchanged > 0 && <span className={classes.quiet}> {t("already", { values: formats.number(first.unchanged) })}</span>}
      </p>
      {(first.values > 0 || stay > 0) && (
        <>
          <SegmentedControl
            aria-label={t("show")}
            className={classes.tabs ?? ""}
            value={show}
            onChange={(next) => setShow(next as Shown)}
            data={[
              { value: "RESTORE", label: t("goesBack", { values: formats.number(first.values) }) },
              { value: "LEFT", label: t("stays", { values: formats.number(stay) }) },
            ]}
          />
          <UndoValues rows={rows} kind={show} busy={isPlaceholderData} />
          {hasNextPage && (
            <Button variant="default" className={classes.more} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t("ui:action.loadMore")}
            </Button>
          )}
        </>
      )}
      <DialogFooter>
        {first.values > 0 && (
          <Checkbox
            className={classes.choice}
            label={t("startWorkflows")}
            description={t("startWorkflowsHint")}
            checked={startWorkflows}
            onChange={(event) => setStartWorkflows(event.currentTarget.checked)}
          />
        )}
        <Button variant="default" onClick={onClose}>
          {t("ui:action.cancel")}
        </Button>
        <Button disabled={first.values === 0 || isPlaceholderData} loading={undo.isPending} onClick={begin}>
          {t(`confirm.${least}`, { count: first.values, values: formats.number(first.values) })}
        </Button>
      </DialogFooter>
    </Stack>
  );
}
