import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { RetryIcon, SkipIcon, UndoIcon } from "@/design/icons";
import { UndoDialog } from "../../undo/UndoDialog";
import { stateOf } from "../RunStatus";
import type { RunDetails } from "../queries";
import { CancelDialog, RetryDialog, SkipDialog } from "./DeedDialogs";

type Asking = "retry" | "skip" | "cancel" | "undo";

/** What can be done with a run: with one that stands still or is under way, and what it wrote can be undone. */
export function RunDeeds({ run }: { run: RunDetails }) {
  const { t } = useTranslation(["runs", "undo"]);
  const { may } = useSession();
  const [asking, setAsking] = useState<Asking | null>(null);
  const state = stateOf(run);
  const operable = may("runs.operate") && !run.flow.isDeleted;
  const wrote = may("records.write") && run.steps.some((step) => step.status === "COMPLETED");
  const stands = state === "FAILED" || state === "PAUSED" || state === "AT_CAP";
  const close = () => setAsking(null);
  return (
    <>
      {wrote && (
        <Button variant="default" leftSection={<UndoIcon size={15} aria-hidden />} onClick={() => setAsking("undo")}>
          {t("undo:run.action")}
        </Button>
      )}
      {operable && state === "FAILED" && (
        <Button leftSection={<RetryIcon size={15} aria-hidden />} onClick={() => setAsking("retry")}>
          {t("deed.retry.action")}
        </Button>
      )}
      {operable && stands && (
        <Button variant="default" leftSection={<SkipIcon size={15} aria-hidden />} onClick={() => setAsking("skip")}>
          {t("deed.skip.action")}
        </Button>
      )}
      {operable && (stands || run.status === "ACTIVE" || run.status === "WAITING") && (
        <Button variant="default" onClick={() => setAsking("cancel")}>
          {t("deed.cancel.action")}
        </Button>
      )}
      {asking === "undo" && <UndoDialog title={t("undo:run.title")} selection={{ runId: run.id }} onClose={close} />}
      {asking === "retry" && <RetryDialog run={run} onClose={close} />}
      {asking === "skip" && <SkipDialog run={run} onClose={close} />}
      {asking === "cancel" && <CancelDialog run={run} onClose={close} />}
    </>
  );
}
