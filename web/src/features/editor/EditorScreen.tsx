import { useMediaQuery } from "@mantine/hooks";
import { useEffect, useLayoutEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { EditorBar } from "./bar/EditorBar";
import { EditorCanvas } from "./canvas/EditorCanvas";
import type { PanZoom } from "./canvas/pan-zoom";
import { ConflictDialog } from "./dialogs/ConflictDialog";
import { DeleteBranchDialog } from "./dialogs/DeleteBranchDialog";
import { MoveDialog } from "./dialogs/MoveDialog";
import { RemoveErrorPathDialog } from "./dialogs/RemoveErrorPathDialog";
import classes from "./Editor.module.css";
import { EditorUiContext, useEditorUi } from "./editor-ui";
import { StepMenu } from "./menu/StepMenu";
import type { ActionType } from "./model/types";
import { SidePanel } from "./panel/SidePanel";
import { draftTransport, type OpenedWorkflow } from "./queries";
import { type Autosave, startAutosave } from "./store/autosave";
import { EditorProvider } from "./store/context";
import { noteLastSave } from "./store/last-save";
import { createEditorStore } from "./store/store";
import { useClipboard } from "./use-clipboard";
import { useFocusOnArrival } from "./use-focus-on-arrival";
import { useKeyboard } from "./use-keyboard";
import { SelectionInUrl } from "./SelectionInUrl";

interface Props {
  opened: OpenedWorkflow;
  catalog: readonly ActionType[];
}

/** The editor of one workflow: its store, its autosave, and the parts around the canvas. */
export function EditorScreen({ opened, catalog }: Props) {
  const { may } = useSession();
  const narrow = useMediaQuery("(max-width: 800px)", window.innerWidth <= 800);
  const readOnly = !may("flows.write") || narrow === true;
  const [store] = useState(() => createEditorStore({ ...opened, flowId: opened.id, readOnly }));
  const [autosave, setAutosave] = useState<Autosave | null>(null);
  useLayoutEffect(() => store.getState().setReadOnly(readOnly), [store, readOnly]);
  useEffect(() => {
    const started = startAutosave(store, draftTransport(opened.id));
    setAutosave(started);
    return () => noteLastSave(opened.id, started.stop());
  }, [store, opened.id]);
  return (
    <EditorProvider store={store}>
      <EditorParts opened={opened} catalog={catalog} autosave={autosave} why={readOnly ? (may("flows.write") ? "narrow" : "role") : null} />
    </EditorProvider>
  );
}

interface PartsProps extends Props {
  autosave: Autosave | null;
  /** Why nothing can be changed; null when it can. */
  why: "narrow" | "role" | null;
}

function EditorParts({ opened, catalog, autosave, why }: PartsProps) {
  const { t } = useTranslation("editor");
  const [view, setView] = useState<PanZoom | null>(null);
  const ui = useEditorUi(view, catalog);
  useKeyboard(ui);
  useFocusOnArrival(view);
  useClipboard(ui);
  return (
    <EditorUiContext value={ui}>
      <div className={classes.editor}>
        <EditorBar opened={opened} autosave={autosave} />
        {why && <p className={classes.notice}>{t(`readOnly.${why}`)}</p>}
        <div className={classes.work}>
          <div className={classes.canvas}>
            <EditorCanvas catalog={catalog} standing={opened.standing} onReady={setView} />
          </div>
          <SidePanel />
        </div>
        <SelectionInUrl view={view} />
        <StepMenu />
        <MoveDialog />
        <DeleteBranchDialog />
        <RemoveErrorPathDialog />
        <ConflictDialog />
      </div>
    </EditorUiContext>
  );
}
