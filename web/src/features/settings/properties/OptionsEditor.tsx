import { ActionIcon, Button, TextInput } from "@mantine/core";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { DeleteIcon, DownIcon, GripIcon, HideIcon, PlusIcon, PreviewIcon, UpIcon } from "@/design/icons";
import { type DraftOption, moved, newOption, pasted, withLabel } from "./options";
import classes from "./OptionsEditor.module.css";

interface Props {
  options: readonly DraftOption[];
  onChange: (options: DraftOption[]) => void;
  error?: string | undefined;
}

/** The options of a property: dragged into order or moved with arrows; Enter adds the next, pasted lines become many. */
export function OptionsEditor({ options, onChange, error }: Props) {
  const { t } = useTranslation("properties");
  const list = useRef<HTMLOListElement>(null);
  const [over, setOver] = useState<number>();
  const set = (at: number, option: DraftOption) => onChange(options.toSpliced(at, 1, option));
  const focus = (at: number) => requestAnimationFrame(() => list.current?.querySelectorAll<HTMLInputElement>("[data-label]")[at]?.focus());
  const insert = (at: number) => {
    onChange(options.toSpliced(at, 0, newOption()));
    focus(at);
  };

  const dragging = (at: number) => ({
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(at);
    },
    onDragLeave: () => setOver(undefined),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(undefined);
      onChange(moved(options, Number(event.dataTransfer.getData("text/plain")), at));
    },
  });

  return (
    <fieldset className={classes.set}>
      <legend className={classes.legend}>{t("options.title")}</legend>
      {options.length > 0 && (
        <div className={classes.heads} aria-hidden>
          <span>{t("options.label")}</span>
          <span>{t("options.value")}</span>
        </div>
      )}
      <ol ref={list} className={classes.list}>
        {options.map((option, at) => {
          const name = option.label || t("options.number", { number: at + 1 });
          return (
            <li key={option.id} className={classes.option} data-over={over === at || undefined} data-hidden={option.hidden || undefined} {...dragging(at)}>
              <span className={classes.grip} draggable aria-hidden onDragStart={(event) => event.dataTransfer.setData("text/plain", String(at))}>
                <GripIcon size={14} />
              </span>
              <TextInput
                data-label
                className={classes.field}
                aria-label={t("options.labelOf", { number: at + 1 })}
                value={option.label}
                onChange={(event) => set(at, withLabel(option, event.currentTarget.value))}
                onKeyDown={(event) => {
                  if (event.key !== "Enter") return;
                  event.preventDefault();
                  insert(at + 1);
                }}
                onPaste={(event) => {
                  const text = event.clipboardData.getData("text");
                  if (!/\n/.test(text.trim())) return;
                  event.preventDefault();
                  onChange(pasted(options, at, text));
                }}
              />
              <TextInput
                className={classes.field}
                aria-label={t("options.valueOf", { option: name })}
                value={option.value}
                disabled={option.stored}
                onChange={(event) => set(at, { ...option, value: event.currentTarget.value, typed: true })}
              />
              <div className={classes.tools}>
                <ActionIcon size={26} disabled={at === 0} aria-label={t("options.up", { option: name })} onClick={() => onChange(moved(options, at, at - 1))}>
                  <UpIcon size={14} />
                </ActionIcon>
                <ActionIcon size={26} disabled={at === options.length - 1} aria-label={t("options.down", { option: name })} onClick={() => onChange(moved(options, at, at + 1))}>
                  <DownIcon size={14} />
                </ActionIcon>
                {option.stored ? (
                  <ActionIcon size={26} aria-label={t(option.hidden ? "options.show" : "options.hide", { option: name })} onClick={() => set(at, { ...option, hidden: !option.hidden })}>
                    {option.hidden ? <PreviewIcon size={14} /> : <HideIcon size={14} />}
                  </ActionIcon>
                ) : (
                  <ActionIcon size={26} aria-label={t("options.remove", { option: name })} onClick={() => onChange(options.toSpliced(at, 1))}>
                    <DeleteIcon size={14} />
                  </ActionIcon>
                )}
              </div>
            </li>
          );
        })}
      </ol>
      <Button variant="subtle" size="compact-xs" leftSection={<PlusIcon size={14} />} onClick={() => insert(options.length)}>
        {t("options.add")}
      </Button>
      <p className={classes.hint}>{t("options.hint")}</p>
      {error && (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
