import { Radio, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { say, sayProblem } from "@/ui/toast";
import { findAction } from "../../editor/model/edges";
import { asDocument } from "../../editor/model/types";
import { type Deed, type RunDetails, useRunDeed } from "../queries";
import { type RevisionToTake, revisionFor } from "../revision";
import { exitsToChoose } from "./exits";

interface Props {
  run: RunDetails;
  onClose: () => void;
}

/** Goes on from the step that failed, as the workflow was or as it is now. */
export function RetryDialog({ run, onClose }: Props) {
  const { t } = useTranslation("runs");
  const older = run.revisionId !== run.flow.currentRevisionId;
  const [revision, setRevision] = useState(older ? revisionFor(run.error?.code) : "same");
  const { busy, act } = useActing(run, "retry", onClose);
  return (
    <ConfirmDialog opened title={t("deed.retry.title")} confirm={t("deed.retry.confirm")} busy={busy} onClose={onClose} onConfirm={() => act({ kind: "retry", revision })}>
      <Stack gap="sm">
        <Text size="sm">{t("deed.retry.text")}</Text>
        {older && (
          <Radio.Group value={revision} onChange={(value) => setRevision(value as RevisionToTake)} label={t("revision.label")}>
            <Stack gap={6} mt={6}>
              <Radio value="same" label={t("revision.same")} />
              <Radio value="current" label={t("revision.current")} />
            </Stack>
          </Radio.Group>
        )}
      </Stack>
    </ConfirmDialog>
  );
}

/** Goes on behind the step, by the branch that is chosen where there are several. */
export function SkipDialog({ run, onClose }: Props) {
  const { t } = useTranslation("runs");
  const [branch, setBranch] = useState<string | null>(null);
  const { busy, act } = useActing(run, "skip", onClose);
  const action = run.nextActionId ? findAction(asDocument(run.flow.document as Json), run.nextActionId) : undefined;
  const exits = action ? exitsToChoose(action, { default: t("exit.default"), answered: t("editor:path.answered"), failed: t("editor:path.failed") }) : [];
  return (
    <ConfirmDialog
      opened
      title={t("deed.skip.title", { action: run.nextActionTitle ?? "" })}
      confirm={t("deed.skip.confirm")}
      busy={busy}
      onClose={onClose}
      onConfirm={() => {
        if (exits.length > 0 && branch === null) return;
        act({ kind: "skip", ...(branch === null ? {} : { branch }) });
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t("deed.skip.text")}</Text>
        {exits.length > 0 && <Select label={t("exit.label")} placeholder={t("exit.choose")} data={exits} value={branch} onChange={setBranch} required allowDeselect={false} />}
      </Stack>
    </ConfirmDialog>
  );
}

/** Ends the run before its next step. */
export function CancelDialog({ run, onClose }: Props) {
  const { t } = useTranslation("runs");
  const { busy, act } = useActing(run, "cancel", onClose);
  return (
    <ConfirmDialog opened destructive title={t("deed.cancel.title")} confirm={t("deed.cancel.confirm")} busy={busy} onClose={onClose} onConfirm={() => act({ kind: "cancel" })}>
      <Text size="sm">{t("deed.cancel.text")}</Text>
    </ConfirmDialog>
  );
}

function useActing(run: RunDetails, words: Deed["kind"], onDone: () => void) {
  const { t } = useTranslation("runs");
  const deed = useRunDeed(run.id, run.flowId);
  const act = (wish: Deed) =>
    deed.mutate(wish, {
      onSuccess: () => {
        say(t(`deed.${words}.done`));
        onDone();
      },
      onError: (error) => sayProblem(error, t(`deed.${words}.failed`)),
    });
  return { busy: deed.isPending, act };
}
