import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { RetryIcon, SkipIcon } from "@/design/icons";
import { stateOf } from "../RunStatus";
import type { RunDetails } from "../queries";
import { CancelDialog, RetryDialog, SkipDialog } from "./DeedDialogs";

type Asking = "retry" | "skip" | "cancel";

/** What can be done with a run that stands still or is under way; nothing for one that has ended. */
export function RunDeeds({ run }: { run: RunDetails }) {
  const { t } = useTranslation("runs");
  const { may } = useSession();
  const [asking, setAsking] = useState<Asking | null>(null);
  const state = stateOf(run);
  if (!may("runs.operate") || run.flow.isDeleted) return null;
  const stands = state === "FAILED" || state === "PAUSED";
  const close = () => setAsking(null);
  return (
    <>
      {state === "FAILED" && (
        <Button leftSection={<RetryIcon size={15} aria-hidden />} onClick={() => setAsking("retry")}>
          {t("deed.retry.action")}
        </Button>
      )}
      {stands && (
        <Button variant="default" leftSection={<SkipIcon size={15} aria-hidden />} onClick={() => setAsking("skip")}>
          {t("deed.skip.action")}
        </Button>
      )}
      {(stands || state === "ACTIVE" || state === "WAITING") && (
        <Button variant="default" onClick={() => setAsking("cancel")}>
          {t("deed.cancel.action")}
        </Button>
      )}
      {asking === "retry" && <RetryDialog run={run} onClose={close} />}
      {asking === "skip" && <SkipDialog run={run} onClose={close} />}
      {asking === "cancel" && <CancelDialog run={run} onClose={close} />}
    </>
  );
}
