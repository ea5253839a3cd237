/** What a person can do with a step, by key, menu or pointer: the change, what is selected after it, and what is said. */
import i18next from "i18next";
import { say } from "@/ui/toast";
import { focusStep, revealStep } from "./canvas/reveal-step";
import type { PanZoom } from "./canvas/pan-zoom";
import { copyStep, duplicateStep, pasteSteps, readCopied } from "./model/clipboard";
import { defaultExit, type Exit, exitAction, nextExit, START } from "./model/edges";
import { addErrorPath, answeredPathIn, errorPathIn, removeErrorPath } from "./model/error-path";
import { canMove, deleteStep, EditRefused, insertAction, type Kept, moveStep, setJump } from "./model/edits";
import { newAction } from "./model/new-action";
import { addPath, newBranch } from "./model/paths";
import { chainSteps, lastExit, ownPaths } from "./model/tree";
import type { ActionType, FlowDocument } from "./model/types";
import type { EditorStore, Selection } from "./store/store";

interface Surroundings {
  view: () => PanZoom | null;
  show: (part: { deleting?: string | null; unpathing?: string | null }) => void;
}

export interface StepDeeds {
  insert: (exit: Exit, type: ActionType) => void;
  jump: (exit: Exit, target: string | null) => void;
  /** Deletes at once with an undo; asks first when steps on its own paths would go too. */
  remove: (actionId: string) => void;
  removeBranch: (actionId: string, kept: Kept) => void;
  duplicate: (actionId: string) => void;
  /** The step as a text for the clipboard; null when there is none. */
  copied: (actionId: string) => string | null;
  copy: (actionId: string) => void;
  cut: (actionId: string) => void;
  /** Pastes after a step (`trigger`: at the start), else where the palette is open, else at the end. */
  paste: (text: string, after: string | null) => void;
  pasteAfter: (actionId: string) => void;
  move: (actionId: string, exit: Exit) => void;
  canMove: (actionId: string, exit: Exit) => boolean;
  addPath: (actionId: string) => void;
  /** Gives an LLM step a path for failed records. */
  addErrorPath: (actionId: string) => void;
  /** Takes it away again; asks first when there are steps on it. */
  removeErrorPath: (actionId: string) => void;
  /** Takes it away with its steps, with an undo. */
  dropErrorPath: (actionId: string) => void;
  /** Opens the palette after a step, the selected one, or the last. */
  add: (actionId?: string) => void;
  reveal: (actionId: string) => void;
}

export function createStepDeeds(store: EditorStore, { view, show }: Surroundings): StepDeeds {
  let lastCopied = "";

  /** Makes a change that may be refused, and says why when it is. */
  const change = (make: (document: FlowDocument) => { document: FlowDocument; select?: Selection; fresh?: string }) => {
    const { document, readOnly, edit } = store.getState();
    if (readOnly) return false;
    try {
      const { document: changed, ...options } = make(document);
      edit(() => changed, options);
      return true;
    } catch (error) {
      if (!(error instanceof EditRefused)) throw error;
      say(i18next.t(`editor:refused.${error.reason}`));
      return false;
    }
  };
  const selectStep = (actionId: string): Selection => ({ kind: "step", actionId });
  const undoable = (words: string) => say(words, () => store.getState().undo());

  /** The exit at which something put after a step goes. */
  const exitAfter = (actionId: string): Exit => {
    const step = store.getState().tree.places.get(actionId)?.step;
    return step?.paths ? (step.paths[0]?.exit ?? defaultExit(actionId)) : nextExit(actionId);
  };
  const placeAfter = (actionId: string | null): Exit => {
    const { selection, tree } = store.getState();
    if (actionId === "trigger") return START;
    if (actionId !== null) return exitAfter(actionId);
    if (selection?.kind === "palette") return selection.exit;
    const last = tree.start.steps.at(-1);
    return lastExit(tree.start) ?? (last ? exitAfter(last.id) : START);
  };

  const removeNow = (actionId: string, kept: Kept, words: string) => {
    const before = store.getState().tree.places.get(actionId)?.exit;
    const previous = (before && exitAction(before)) || "trigger";
    const done = change((document) => ({ document: deleteStep(document, actionId, kept), select: null }));
    if (!done) return;
    undoable(words);
    const at = view();
    if (at) requestAnimationFrame(() => focusStep(at, previous));
  };

  const deeds: StepDeeds = {
    insert: (exit, type) => {
      const { actionId } = insertedAt(exit, type);
      if (actionId) store.getState().select(selectStep(actionId), "");
    },
    jump: (exit, target) => {
      change((document) => ({ document: setJump(document, exit, target), select: null }));
    },
    remove: (actionId) => {
      const step = store.getState().tree.places.get(actionId)?.step;
      if (!step || store.getState().readOnly) return;
      const below = ownPaths(step).some((path) => chainSteps(path.chain).length > 0);
      if (below) show({ deleting: actionId });
      else removeNow(actionId, answeredPathIn(step) ?? null, i18next.t("editor:done.deleted", { number: step.number }));
    },
    removeBranch: (actionId, kept) => removeNow(actionId, kept, i18next.t("editor:done.branchDeleted")),
    duplicate: (actionId) => {
      change((document) => {
        const made = duplicateStep(document, store.getState().flowId, actionId);
        return { document: made.document, select: selectStep(made.actionId) };
      });
    },
    copied: (actionId) => {
      const { document, flowId } = store.getState();
      const steps = copyStep(document, flowId, actionId);
      if (steps) lastCopied = JSON.stringify(steps);
      return steps && lastCopied;
    },
    copy: (actionId) => {
      const text = deeds.copied(actionId);
      if (text === null) return;
      void navigator.clipboard?.writeText(text).catch(() => undefined); // it can still be pasted on this page
      say(i18next.t("editor:done.copied"));
    },
    cut: (actionId) => {
      deeds.copy(actionId);
      deeds.remove(actionId);
    },
    paste: (text, after) => {
      const steps = readCopied(text);
      if (!steps) return;
      const exit = placeAfter(after);
      change((document) => {
        const made = pasteSteps(document, store.getState().flowId, exit, steps);
        return { document: made.document, select: selectStep(made.actionId) };
      });
    },
    pasteAfter: (actionId) => {
      const put = (text: string) => {
        if (readCopied(text)) deeds.paste(text, actionId);
        else say(i18next.t("editor:refused.nothingCopied"));
      };
      if (navigator.clipboard) void navigator.clipboard.readText().then((text) => put(readCopied(text) ? text : lastCopied), () => put(lastCopied));
      else put(lastCopied);
    },
    move: (actionId, exit) => {
      const done = change((document) => ({ document: moveStep(document, actionId, exit) }));
      if (done) undoable(i18next.t("editor:done.moved"));
      const at = view();
      if (at && done) requestAnimationFrame(() => revealStep(at, actionId));
    },
    canMove: (actionId, exit) => canMove(store.getState().document, actionId, exit),
    addPath: (actionId) => {
      const { document } = store.getState();
      const action = document.actions?.find((one) => one.actionId === actionId);
      if (!action) return;
      const name = action.type === "STATIC_BRANCH" ? "" : i18next.t("editor:path.unnamed", { number: (action.listBranches?.length ?? 0) + 1 });
      change((before) => ({ document: addPath(before, actionId, newBranch(action.type, name)), select: selectStep(actionId) }));
    },
    addErrorPath: (actionId) => {
      change((document) => ({ document: addErrorPath(document, actionId) }));
    },
    removeErrorPath: (actionId) => {
      const path = errorPathIn(store.getState().tree.places.get(actionId)?.step);
      if (!path || store.getState().readOnly) return;
      if (chainSteps(path.chain).length > 0) show({ unpathing: actionId });
      else deeds.dropErrorPath(actionId);
    },
    dropErrorPath: (actionId) => {
      if (change((document) => ({ document: removeErrorPath(document, actionId) }))) undoable(i18next.t("editor:done.pathDeleted"));
    },
    add: (actionId) => {
      if (store.getState().readOnly) return;
      store.getState().select({ kind: "palette", exit: placeAfter(actionId ?? null) });
    },
    reveal: (actionId) => {
      const at = view();
      if (at) revealStep(at, actionId);
    },
  };

  function insertedAt(exit: Exit, type: ActionType): { actionId: string } {
    let made = "";
    change((document) => {
      const inserted = insertAction(document, exit, newAction(type, i18next.t("editor:path.unnamed", { number: 1 })));
      made = inserted.actionId;
      return { document: inserted.document, select: selectStep(made), fresh: made };
    });
    return { actionId: made };
  }

  return deeds;
}
