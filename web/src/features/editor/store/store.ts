/**
 * The open workflow: its draft as one JSON document that this page owns while it is open, what is selected, undo,
 * and how saving stands. One store per open editor; parts read it through `useEditor`.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { JsonObject } from "@/api/json";
import type { Exit } from "../model/edges";
import { setInputs } from "../model/inputs";
import { allOutputs, type Outputs } from "../model/outputs";
import { type EarlierOutputs, outputsBefore } from "../model/scope";
import { shareTree } from "../model/share";
import { readTree, type Tree } from "../model/tree";
import type { FlowDocument, FlowProblem } from "../model/types";
import { type History, historyOf, record, redone, undone } from "./history";
import { bindProblems, type BoundProblem, problemsUnder, standingAfter } from "./problems";

/** What the side panel shows: a step's form, the enrollment trigger, the palette for an exit, or nothing. */
export type Selection = { kind: "step"; actionId: string } | { kind: "trigger" } | { kind: "palette"; exit: Exit } | null;

/** How the draft on the server stands to the one here. */
export type Saving =
  | { state: "saved" | "waiting" | "saving" }
  | { state: "offline" | "refused"; message: string }
  | { state: "conflict"; theirs: Theirs };

/** The draft of somebody who saved in between. */
export interface Theirs {
  document: FlowDocument;
  version: number;
  by: string;
  at: string;
}

/** What the checks of the server said about a document. */
export interface Checked {
  problems: readonly FlowProblem[];
  outputs: Outputs;
}

export interface EditOptions {
  /** Edits with the same key within 0.9 s are one step of undo: `fields.prompt of 3`. */
  mergeKey?: string;
  /** What is selected after it. */
  select?: Selection;
  /** The id of the action that it adds with nothing filled in yet. */
  fresh?: string;
}

export interface EditorState {
  flowId: string;
  history: History<FlowDocument>;
  document: FlowDocument;
  tree: Tree;
  selection: Selection;
  /** The field that the form of the selected step shall focus, and a number that grows with every wish to. */
  focusField: { field: string; wish: number } | null;
  collapsed: ReadonlySet<string>;
  saving: Saving;
  /** The version of the draft that the server last had from here; 0 before there is a draft. */
  version: number;
  /** The document that the server has. */
  saved: FlowDocument;
  /** What the last check found, without what was changed since. */
  problems: readonly BoundProblem[];
  /** What each step puts out: as the document here declares it, with what the server knows beside it. */
  outputs: Outputs;
  /** The outputs as the server last named them. */
  knownOutputs: Outputs;
  /** The action that was just added and not left since: its form does not yet speak of fields that nobody came to. */
  fresh: string | null;
  /** Somebody wanted to publish, or followed a problem: from then on what is missing is a fault (see `isFault`). */
  asked: boolean;
  readOnly: boolean;

  /** Changes the document; nothing happens while the editor is read-only. */
  edit: (change: (document: FlowDocument) => FlowDocument, options?: EditOptions) => void;
  /** Replaces the inputs of an action (see `model/inputs`). */
  setFields: (actionId: string, fields: JsonObject, mergeKey?: string) => void;
  select: (selection: Selection, field?: string) => void;
  /** Has the form of a new step speak of all of its fields, and calls what is missing a fault: somebody wants to publish. */
  endFresh: () => void;
  undo: () => void;
  redo: () => void;
  toggleCollapsed: (actionId: string) => void;
  /** Problems at or below a JSON path of the document, such as `actions[2].fields.prompt`. */
  problemsFor: (prefix: string) => BoundProblem[];
  /** The steps that can have run before an action, with what they put out. */
  outputsBefore: (actionId: string) => EarlierOutputs[];
  setSaving: (saving: Saving) => void;
  setReadOnly: (readOnly: boolean) => void;
  /** Notes that the server has `document` as `version`, and what it found in it where that is news. */
  noteSaved: (document: FlowDocument, version: number, checked?: Checked) => void;
  /** Takes another document in place of the one here, such as the draft of somebody else; undo brings this one back. */
  replace: (document: FlowDocument, version: number, checked?: Checked) => void;
}

export type EditorStore = StoreApi<EditorState>;

export interface OpenedFlow extends Checked {
  flowId: string;
  document: FlowDocument;
  version: number;
  readOnly: boolean;
}

/** What the checks found; the objects of before where they say the same, so that nothing is drawn again for them. */
function found(checkedDocument: FlowDocument, checked: Checked, before: EditorState, document: FlowDocument): Pick<EditorState, "problems" | "outputs" | "knownOutputs"> {
  // What was typed while the check was on its way is not what it speaks of.
  const problems = standingAfter(bindProblems(checkedDocument, checked.problems), checkedDocument, document);
  const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);
  const knownOutputs = same(checked.outputs, before.knownOutputs) ? before.knownOutputs : checked.outputs;
  return {
    problems: same(problems, before.problems) ? before.problems : problems,
    outputs: allOutputs(document, knownOutputs, before.outputs),
    knownOutputs,
  };
}

export function createEditorStore(opened: OpenedFlow): EditorStore {
  return createStore<EditorState>()((set, get) => {
    /** A step that is selected stays as new as it is; any other selection ends that. */
    const freshUnder = (selection: Selection, fresh: string | null) => (selection?.kind === "step" && selection.actionId === fresh ? fresh : null);
    /** The parts of the state that follow from a history; a selection of a step that is gone goes too. */
    const from = (history: History<FlowDocument>, selected: Selection, added?: string) => {
      const { document: before, tree: treeBefore, problems, outputs, knownOutputs, fresh } = get();
      const document = history.present;
      const tree = document === before ? treeBefore : shareTree(readTree(document), treeBefore);
      const selection = selected?.kind === "step" && !tree.places.has(selected.actionId) ? null : selected;
      return {
        history,
        document,
        tree,
        selection,
        fresh: freshUnder(selection, added ?? fresh),
        problems: standingAfter(problems, before, document),
        outputs: document === before ? outputs : allOutputs(document, knownOutputs, outputs),
      };
    };
    return {
      flowId: opened.flowId,
      history: historyOf(opened.document),
      document: opened.document,
      tree: readTree(opened.document),
      selection: null,
      focusField: null,
      collapsed: new Set(),
      saving: { state: "saved" },
      version: opened.version,
      saved: opened.document,
      problems: bindProblems(opened.document, opened.problems),
      outputs: allOutputs(opened.document, opened.outputs),
      knownOutputs: opened.outputs,
      fresh: null,
      asked: false,
      readOnly: opened.readOnly,

      edit: (change, options = {}) => {
        const { readOnly, history, selection } = get();
        if (readOnly) return;
        const changed = record(history, change(history.present), options.mergeKey, Date.now());
        if (changed === history && options.select === undefined) return;
        set(from(changed, options.select === undefined ? selection : options.select, options.fresh));
      },
      setFields: (actionId, fields, mergeKey) =>
        get().edit((document) => setInputs(document, actionId, fields), { mergeKey: mergeKey && `${actionId}:${mergeKey}` }),
      select: (selection, field) =>
        set((state) => ({
          selection,
          fresh: freshUnder(selection, state.fresh),
          focusField: field === undefined ? null : { field, wish: (state.focusField?.wish ?? 0) + 1 },
        })),
      endFresh: () => set({ fresh: null, asked: true }),
      undo: () => set((state) => (state.readOnly ? state : from(undone(state.history), state.selection))),
      redo: () => set((state) => (state.readOnly ? state : from(redone(state.history), state.selection))),
      toggleCollapsed: (actionId) =>
        set(({ collapsed }) => {
          const changed = new Set(collapsed);
          if (!changed.delete(actionId)) changed.add(actionId);
          return { collapsed: changed };
        }),
      problemsFor: (prefix) => problemsUnder(get().document, get().problems, prefix),
      outputsBefore: (actionId) => outputsBefore(get().document, get().tree, actionId, get().outputs),
      setSaving: (saving) => set({ saving }),
      setReadOnly: (readOnly) => set({ readOnly }),
      noteSaved: (document, version, checked) => set((state) => ({ saved: document, version, ...(checked && found(document, checked, state, state.document)) })),
      replace: (document, version, checked) =>
        set((state) => ({
          ...from(record(state.history, document, undefined, Date.now()), state.selection),
          saved: document,
          version,
          saving: { state: "saved" },
          ...(checked && found(document, checked, state, document)),
        })),
    };
  });
}
