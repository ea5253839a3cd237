import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { setWorld } from "./chips";
import { extensionsOf, fromOutside, lookCompartment, lookOf, smallestChange } from "./code-field";
import { useTokenScope } from "./token-scope";
import type { PlacedToken } from "./tokens";

export interface CodeEditorHandle {
  focus: () => void;
  caret: () => number;
  /** Where a place in the text is on the screen. */
  placeOf: (position: number) => { left: number; bottom: number } | null;
  replace: (from: number, to: number, text: string) => void;
}

interface Props {
  value: string;
  onChange: (text: string) => void;
  onTrigger: (from: number) => void;
  onOpen: (token: PlacedToken) => void;
  attributes: Record<string, string>;
  placeholder: string;
  readOnly: boolean;
  singleLine: boolean;
  ref: Ref<CodeEditorHandle>;
}

const nonceOfPage = () => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

/** The text itself, with chips. Loaded when the first token field is shown. */
export function CodeEditor({ value, onChange, onTrigger, onOpen, attributes, placeholder, readOnly, singleLine, ref }: Props) {
  const { t } = useTranslation("forms");
  const scope = useTokenScope();
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ onChange, onTrigger, onOpen, scope });
  latest.current = { onChange, onTrigger, onOpen, scope };
  const look = JSON.stringify([attributes, placeholder, readOnly]);

  useLayoutEffect(() => {
    if (!box.current) return;
    const opened = (token: PlacedToken) => latest.current.onOpen(token);
    const made = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: value,
        extensions: extensionsOf(
          {
            onChange: (text) => latest.current.onChange(text),
            onTrigger: (from) => latest.current.onTrigger(from),
            onOpen: opened,
            ...(latest.current.scope.undo ? { onUndo: () => latest.current.scope.undo?.(), onRedo: () => latest.current.scope.redo?.() } : {}),
          },
          { attributes, readOnly, placeholder, singleLine, nonce: nonceOfPage() },
          { scope: latest.current.scope, t, onOpen: opened },
        ),
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
    // The editor is made once; what changes later is sent to it below.
  }, []);

  useEffect(() => {
    const now = view.current?.state.doc.toString();
    if (now === undefined || now === value) return;
    view.current?.dispatch({ changes: smallestChange(now, value), annotations: fromOutside.of(true) });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: setWorld.of({ scope, t, onOpen: (token) => latest.current.onOpen(token) }) });
  }, [scope, t]);

  useEffect(() => {
    view.current?.dispatch({ effects: lookCompartment.reconfigure(lookOf({ attributes, readOnly, placeholder, singleLine, nonce: "" })) });
    // `look` stands for what these are made of; they are new objects at each render.
  }, [look]);

  useImperativeHandle(ref, () => ({
    focus: () => view.current?.focus(),
    caret: () => view.current?.state.selection.main.head ?? 0,
    placeOf: (position) => view.current?.coordsAtPos(position) ?? null,
    replace: (from, to, text) => {
      view.current?.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length }, userEvent: "input" });
      view.current?.focus();
    },
  }));

  return <div ref={box} />;
}
