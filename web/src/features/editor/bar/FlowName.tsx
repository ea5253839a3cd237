import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useEditorStore } from "../store/context";
import classes from "./EditorBar.module.css";

/** The workflow's name; pressing it lets one write another. Enter and leaving keep it, Escape does not. */
export function FlowName({ name, readOnly }: { name: string; readOnly: boolean }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  if (readOnly) return <h1 className={classes.name}>{name}</h1>;
  if (!editing) {
    return (
      <h1 className={classes.name}>
        <button ref={button} type="button" className={classes.nameButton} title={t("bar.rename")} onClick={() => setEditing(true)}>
          {name}
        </button>
      </h1>
    );
  }
  return (
    <input
      className={classes.nameField}
      aria-label={t("bar.name")}
      defaultValue={name}
      maxLength={200}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => {
        const typed = event.currentTarget.value.trim();
        if (typed && typed !== name) store.getState().edit((document) => ({ ...document, name: typed }));
        setEditing(false);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.value = name;
        if (event.key !== "Escape" && event.key !== "Enter") return;
        event.stopPropagation();
        event.currentTarget.blur();
        requestAnimationFrame(() => button.current?.focus());
      }}
    />
  );
}
