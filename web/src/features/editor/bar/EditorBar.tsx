import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { RedoIcon, TestIcon, UndoIcon } from "@/design/icons";
import { COMMAND_KEY } from "@/ui/shortcuts";
import { TestDialog } from "../dialogs/TestDialog";
import type { OpenedWorkflow } from "../queries";
import type { Autosave } from "../store/autosave";
import { useEditor, useEditorStore } from "../store/context";
import classes from "./EditorBar.module.css";
import { FlowTabs } from "./FlowTabs";
import { FlowName } from "./FlowName";
import { FlowState } from "./FlowState";
import { PresenceAvatars } from "./PresenceAvatars";
import { ProblemsButton } from "./ProblemsButton";
import { PublishButton } from "./PublishButton";
import { SavingIndicator } from "./SavingIndicator";

interface Props {
  opened: OpenedWorkflow;
  autosave: Autosave | null;
}

/** The bar above the canvas: which workflow, how it stands, and what can be done with all of it. */
export const EditorBar = memo(function EditorBar({ opened, autosave }: Props) {
  const { t } = useTranslation("editor");
  const { may } = useSession();
  const store = useEditorStore();
  const name = useEditor((state) => state.document.name) || opened.name;
  const readOnly = useEditor((state) => state.readOnly);
  const canUndo = useEditor((state) => state.history.past.length > 0);
  const canRedo = useEditor((state) => state.history.future.length > 0);
  const [testing, setTesting] = useState(false);
  useDocumentTitle(`${name} · Penstock`);
  return (
    <header className={classes.bar}>
      <div className={classes.start}>
        <Link to="/workflows" className={classes.crumb}>
          {t("bar.workflows")}
        </Link>
        <span className={classes.slash} aria-hidden>
          /
        </span>
        <FlowName name={name} readOnly={readOnly} />
        <FlowState opened={opened} />
      </div>
      <FlowTabs flowId={opened.id} current="editor" />
      <div className={classes.end}>
        <PresenceAvatars flowId={opened.id} />
        {!readOnly && (
          <>
            <SavingIndicator onRetry={() => void autosave?.flush()} />
            <div className={classes.pair}>
              <Tooltip label={t("bar.undoKey", { key: COMMAND_KEY })}>
                <ActionIcon aria-label={t("ui:action.undo")} disabled={!canUndo} onClick={() => store.getState().undo()}>
                  <UndoIcon size={18} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label={t("bar.redoKey", { key: COMMAND_KEY })}>
                <ActionIcon aria-label={t("bar.redo")} disabled={!canRedo} onClick={() => store.getState().redo()}>
                  <RedoIcon size={18} />
                </ActionIcon>
              </Tooltip>
            </div>
          </>
        )}
        <ProblemsButton />
        {may("runs.operate") && (
          <Button variant="default" leftSection={<TestIcon size={15} />} onClick={() => setTesting(true)}>
            {t("bar.test")}
          </Button>
        )}
        {!readOnly && may("flows.publish") && <PublishButton opened={opened} autosave={autosave} />}
      </div>
      {testing && <TestDialog onClose={() => setTesting(false)} />}
    </header>
  );
});
