import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { StatusPill } from "@/ui/StatusPill";
import { say, sayProblem } from "@/ui/toast";
import { WithheldSwitch } from "@/ui/WithheldSwitch";
import { flowKeys } from "@/features/workflows/queries";
import { editorKeys, type OpenedWorkflow, setActive } from "../queries";
import { useEditor } from "../store/context";
import classes from "./EditorBar.module.css";

/** Whether the workflow runs, and whether what is shown is its draft. */
export function FlowState({ opened }: { opened: OpenedWorkflow }) {
  const { t } = useTranslation("editor");
  const { may } = useSession();
  const client = useQueryClient();
  const isDraft = useEditor((state) => state.version > 0 || state.document !== state.saved);
  const [asking, setAsking] = useState(false);
  const activation = useMutation({
    mutationFn: (enabled: boolean) => setActive(opened.id, enabled),
    onSuccess: ({ enabled }) => {
      client.setQueryData(editorKeys.opened(opened.id), (before: OpenedWorkflow | undefined) => before && { ...before, isEnabled: enabled });
      void client.invalidateQueries({ queryKey: flowKeys.all });
      say(t(enabled ? "state.turnedOn" : "state.turnedOff"));
    },
    onError: (error) => sayProblem(error, t("state.failed")),
    onSettled: () => setAsking(false),
  });
  const mayTurn = may("flows.publish");
  return (
    <>
      <StatusPill tone="neutral">
        {isDraft ? t("state.draft", { revision: opened.baseRevisionId }) : t("state.revision", { revision: opened.revisionId })}
      </StatusPill>
      <div className={classes.switch}>
        <WithheldSwitch
          because={!mayTurn && t("state.mayNotTurn")}
          hint={t(opened.isEnabled ? "state.isOn" : "state.isOff")}
          label={t(opened.isEnabled ? "ui:state.on" : "ui:state.off")}
          aria-label={t("state.switch")}
          checked={opened.isEnabled}
          onChange={() => setAsking(true)}
        />
      </div>
      <ConfirmDialog
        opened={asking}
        title={t(opened.isEnabled ? "state.turnOffTitle" : "state.turnOnTitle")}
        confirm={t(opened.isEnabled ? "state.turnOff" : "state.turnOn")}
        busy={activation.isPending}
        onConfirm={() => activation.mutate(!opened.isEnabled)}
        onClose={() => setAsking(false)}
      >
        {t(opened.isEnabled ? "state.turnOffText" : "state.turnOnText", { revision: opened.revisionId })}
      </ConfirmDialog>
    </>
  );
}
