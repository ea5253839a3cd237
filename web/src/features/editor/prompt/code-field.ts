import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Annotation, Compartment, EditorState, type Extension, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { type ChipWorld, chips } from "./chips";
import { findTokens, type PlacedToken } from "./tokens";

export interface CodeFieldHooks {
  onChange: (text: string) => void;
  /** `/` or `{{` was typed: the picker may replace the text from there to the caret. */
  onTrigger: (from: number) => void;
  onOpen: (token: PlacedToken) => void;
  onUndo?: () => void;
  onRedo?: () => void;
}

export interface CodeFieldLook {
  attributes: Record<string, string>;
  readOnly: boolean;
  placeholder: string;
  singleLine: boolean;
  nonce: string;
}

/** Marks what did not come from the person at this field, so that it is not reported back. */
export const fromOutside = Annotation.define<boolean>();

/** Reconfigured when a field's label, problem or lock changes. */
export const lookCompartment = new Compartment();

export function lookOf({ attributes, readOnly, placeholder: text }: CodeFieldLook): Extension {
  return [
    EditorView.contentAttributes.of(attributes),
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(!readOnly),
    text ? placeholder(text) : [],
  ];
}

const theme = EditorView.theme({
  "&": { fontSize: "var(--text-control)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "20px" },
  ".cm-content": { padding: "7px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 10px" },
  ".cm-placeholder": { color: "var(--ink-3)" },
  ".cm-selectionBackground": { background: "var(--accent-soft)" },
});

/** Pasted or typed line breaks become spaces in a field of one line. */
const oneLine = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
  return { changes: { from: 0, to: transaction.startState.doc.length, insert: transaction.newDoc.toString().replace(/\s*\n\s*/g, " ") }, selection: { anchor: Math.min(transaction.newSelection.main.head, transaction.newDoc.length) } };
});

/** The token that the caret touches. */
function tokenAtCaret(state: EditorState): PlacedToken | undefined {
  const { head } = state.selection.main;
  return findTokens(state.doc.toString()).find((token) => token.from === head || token.to === head);
}

function triggers(onTrigger: (from: number) => void): Extension {
  return EditorView.inputHandler.of((view, from, to, text) => {
    const before = view.state.sliceDoc(Math.max(0, from - 1), from);
    const slash = text === "/" && (before === "" || /\s/.test(before));
    const brace = text === "{" && before === "{";
    if (!slash && !brace) return false;
    view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + 1 }, userEvent: "input.type" });
    onTrigger(slash ? from : from - 1);
    return true;
  });
}

/** Everything a token field is made of, as CodeMirror extensions. */
export function extensionsOf(hooks: CodeFieldHooks, look: CodeFieldLook, world: ChipWorld): Extension {
  const outsideUndo = hooks.onUndo;
  const run = (deed: (() => void) | undefined) => () => {
    deed?.();
    return true;
  };
  return [
    EditorView.cspNonce.of(look.nonce),
    theme,
    EditorView.lineWrapping,
    chips(world),
    triggers(hooks.onTrigger),
    lookCompartment.of(lookOf(look)),
    look.singleLine ? [oneLine, Prec.high(keymap.of([{ key: "Enter", run: () => true }]))] : [],
    keymap.of([
      {
        key: "Alt-Enter",
        run: ({ state }) => {
          const token = tokenAtCaret(state);
          if (token) hooks.onOpen(token);
          return token !== undefined;
        },
      },
    ]),
    // One undo for the whole editor: what is typed here is a change of the workflow like any other.
    outsideUndo
      ? Prec.high(
          keymap.of([
            { key: "Mod-z", run: run(outsideUndo), stopPropagation: true },
            { key: "Mod-y", run: run(hooks.onRedo), stopPropagation: true },
            { key: "Mod-Shift-z", run: run(hooks.onRedo), stopPropagation: true },
          ]),
        )
      : [history(), keymap.of(historyKeymap)],
    keymap.of(defaultKeymap),
    EditorView.updateListener.of((update) => {
      const typed = update.transactions.some((transaction) => transaction.docChanged && !transaction.annotation(fromOutside));
      if (typed) hooks.onChange(update.state.doc.toString());
    }),
  ];
}

/** The smallest replacement that makes `before` into `after`, so that the caret stays where it is. */
export function smallestChange(before: string, after: string): { from: number; to: number; insert: string } {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
