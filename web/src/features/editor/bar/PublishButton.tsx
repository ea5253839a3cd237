import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useUi } from "../editor-ui";
import { editorKeys, openedQuery, type OpenedWorkflow } from "../queries";
import type { Autosave } from "../store/autosave";
import { useEditor, useEditorStore } from "../store/context";
import { bindProblems, isFault } from "../store/problems";
import classes from "./EditorBar.module.css";
import { goToProblem } from "./ProblemsButton";

const PublishDialog = lazy(async () => ({ default: (await import("@/features/workflows/publish/PublishDialog")).PublishDialog }));

interface Props {
  opened: OpenedWorkflow;
  autosave: Autosave | null;
}

/** Saves what is not saved yet, then shows what publishing changes and asks. */
export function PublishButton({ opened, autosave }: Props) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const client = useQueryClient();
  const { deeds } = useUi();
  const errors = useEditor((state) => state.problems.filter((problem) => problem.severity === "error" && isFault(problem, state)).length);
  const differs = useEditor((state) => state.version > 0 || state.document !== state.saved);
  const [reviewing, setReviewing] = useState(false);
  const [busy, setBusy] = useState(false);

  const review = async () => {
    store.getState().endFresh();
    setBusy(true);
    await autosave?.flush();
    setBusy(false);
    const { saving } = store.getState();
    if (saving.state === "saved") setReviewing(true);
  };
  const jump = (path: string) => {
    setReviewing(false);
    const [problem] = bindProblems(store.getState().document, [{ path, code: "", message: "", severity: "error" }]);
    if (!problem) return;
    goToProblem(store, problem);
    if (problem.actionId !== null) deeds.reveal(problem.actionId);
  };
  const published = async () => {
    setReviewing(false);
    const { document, noteSaved } = store.getState();
    noteSaved(document, 0);
    const fresh = await client.fetchQuery({ ...openedQuery(opened.id), staleTime: 0 });
    client.setQueryData(editorKeys.opened(opened.id), fresh);
  };
  return (
    <>
      <Button onClick={() => void review()} loading={busy} variant={differs || !opened.isEnabled ? "filled" : "default"}>
        {t("publish.review")}
        {errors > 0 && (
          <span className={classes.publishCount} aria-hidden>
            {errors}
          </span>
        )}
      </Button>
      <Suspense fallback={null}>
        {reviewing && (
          <PublishDialog
            flowId={opened.id}
            draftVersion={store.getState().version}
            onJump={jump}
            onPublished={() => void published()}
            onClose={() => setReviewing(false)}
          />
        )}
      </Suspense>
    </>
  );
}
