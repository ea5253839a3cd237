import { Button, Input } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { PlusIcon } from "@/design/icons";
import type { CodeEditorHandle } from "./CodeEditor";
import { TokenDetails } from "./TokenDetails";
import classes from "./TokenField.module.css";
import { TokenPicker } from "./TokenPicker";
import { useTokenScope } from "./token-scope";
import { FENCED, type PlacedToken, writeToken } from "./tokens";

const CodeEditor = lazy(async () => ({ default: (await import("./CodeEditor")).CodeEditor }));

interface Props {
  label: string;
  /** The label is only said, as when another one stands above. */
  hideLabel?: boolean;
  value: string;
  onChange: (text: string) => void;
  description?: ReactNode;
  placeholder?: string;
  error?: ReactNode;
  disabled?: boolean;
  /** A subject line or an address: no line breaks. */
  singleLine?: boolean;
  /** How tall an empty field is. */
  rows?: number;
  /** For code such as JSON or HTML. */
  mono?: boolean;
  /** A prompt: long texts of a record are put in with a fence around them. */
  fences?: boolean;
  /** Under the field, such as the number of tokens and the price. */
  footer?: ReactNode;
}

interface Picking {
  /** What the chosen token replaces. */
  from: number;
  to: number;
  left: number;
  top: number;
}

/** A text with tokens as chips. It is stored as plain text; tokens are put in by the button, by `/` and by `{{`. */
export function TokenField({ label, hideLabel = false, value, onChange, description, placeholder = "", error, disabled = false, singleLine = false, rows = 5, mono = false, fences = false, footer }: Props) {
  const { t } = useTranslation("forms");
  const id = useId();
  const scope = useTokenScope();
  const editor = useRef<CodeEditorHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const [picking, setPicking] = useState<Picking>();
  const [opened, setOpened] = useState<{ token: PlacedToken; left: number; top: number }>();

  const placeOf = (position: number) => {
    const at = editor.current?.placeOf(position);
    const frame = box.current?.getBoundingClientRect();
    return at && frame ? { left: at.left - frame.left, top: at.bottom - frame.top } : { left: 8, top: 34 };
  };
  const pickAt = (from: number, to: number) => setPicking({ from, to, ...placeOf(from) });
  const put = (text: string) => {
    if (picking) editor.current?.replace(picking.from, picking.to, text);
    setPicking(undefined);
  };
  const change = (token: PlacedToken, text: string) => {
    editor.current?.replace(token.from, token.to, text);
    setOpened(undefined);
  };
  const leave = () => {
    setPicking(undefined);
    setOpened(undefined);
    editor.current?.focus();
  };

  const described = [error ? `${id}-error` : "", description ? `${id}-description` : ""].filter(Boolean).join(" ");
  const attributes = {
    "aria-label": label,
    "aria-multiline": String(!singleLine),
    ...(error ? { "aria-invalid": "true" } : {}),
    ...(described ? { "aria-describedby": described } : {}),
    ...(disabled ? { "aria-disabled": "true" } : {}),
  };
  const insert = (
    <Button
      variant="subtle"
      size="compact-xs"
      leftSection={<PlusIcon size={14} aria-hidden />}
      onClick={() => pickAt(editor.current?.caret() ?? value.length, editor.current?.caret() ?? value.length)}
      aria-label={t("token.insertInto", { field: label })}
    >
      {t("token.insert")}
    </Button>
  );

  return (
    <div>
      {!hideLabel && (
        <div className={classes.head}>
          <Input.Label component="div" onClick={() => editor.current?.focus()}>
            {label}
          </Input.Label>
          {singleLine && !disabled && insert}
        </div>
      )}
      <div ref={box} className={classes.box} data-error={error ? true : undefined} data-disabled={disabled || undefined} data-mono={mono || undefined}>
        {!disabled && (!singleLine || hideLabel) && (
          <div className={classes.bar}>
            {insert}
            <span className={classes.hint}>{t("token.hint")}</span>
          </div>
        )}
        <div className={classes.text} data-rows={singleLine ? 1 : rows}>
          <Suspense fallback={<div className={classes.waiting}>{value}</div>}>
            <CodeEditor
              ref={editor}
              value={value}
              onChange={onChange}
              onTrigger={(from) => pickAt(from, editor.current?.caret() ?? from)}
              onOpen={(token) => setOpened({ token, ...placeOf(token.from) })}
              attributes={attributes}
              placeholder={placeholder}
              readOnly={disabled}
              singleLine={singleLine}
            />
          </Suspense>
        </div>
        {picking && <TokenPicker left={picking.left} top={picking.top} onPick={(path) => put(writeToken({ path, filters: fences && scope.find(path)?.prose ? [{ name: FENCED, args: [] }] : [] }))} onClose={leave} />}
        {opened && (
          <TokenDetails
            left={opened.left}
            top={opened.top}
            token={opened.token}
            readOnly={disabled}
            fences={fences}
            onChange={(token) => change(opened.token, writeToken(token))}
            onRemove={() => change(opened.token, "")}
            onClose={leave}
          />
        )}
      </div>
      {footer && <div className={classes.footer}>{footer}</div>}
      {error && <Input.Error id={`${id}-error`} mt={5}>{error}</Input.Error>}
      {description && <Input.Description id={`${id}-description`} mt={5}>{description}</Input.Description>}
    </div>
  );
}
