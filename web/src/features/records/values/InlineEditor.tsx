import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ownersQuery } from "@/api/owners";
import type { PropertyDefinition } from "@/api/properties";
import type { Move } from "@/ui/data-table/types";
import { kindOf } from "./kinds";
import { ValueInput, visibleOptions } from "./ValueInput";
import classes from "./values.module.css";

interface Props {
  property: PropertyDefinition;
  value: string | null | undefined;
  /** What the editor begins with instead of the value, such as what was typed and refused. */
  draft?: string | undefined;
  onCommit: (value: string, move: Move) => void;
  onCancel: () => void;
}

/**
 * Edits a value where it stands. Enter keeps it, Tab keeps it and goes on, Escape leaves it; leaving the field keeps
 * it, too. A choice from a list is kept at once.
 */
export function InlineEditor({ property, value, draft, onCommit, onCancel }: Props) {
  const { t } = useTranslation("records");
  const { data: owners } = useQuery(ownersQuery);
  const [text, setText] = useState(draft ?? value ?? "");
  const done = useRef(false);
  const kind = kindOf(property);

  const commit = (next: string, move: Move) => {
    if (done.current) return;
    done.current = true;
    if (next === (value ?? "")) onCancel();
    else onCommit(next, move);
  };
  const leave = (move: Move) => {
    if (done.current) return;
    done.current = true;
    if (text === (value ?? "") && move === "stay") onCancel();
    else onCommit(text, move);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      done.current = true;
      onCancel();
    } else if (event.key === "Tab") {
      event.preventDefault();
      leave(event.shiftKey ? "previous" : "next");
    } else if (event.key === "Enter" && kind !== "option" && kind !== "options" && kind !== "owner" && kind !== "truth" && !(kind === "longText" && event.shiftKey)) {
      event.preventDefault();
      leave("down");
    }
  };

  const list =
    kind === "owner"
      ? (owners ?? []).filter((owner) => !owner.archived || owner.id === value).map((owner) => ({ value: owner.id, label: owner.name }))
      : kind === "option"
        ? visibleOptions(property, [value ?? ""])
        : kind === "truth"
          ? [
              { value: "true", label: t("value.yes") },
              { value: "false", label: t("value.no") },
            ]
          : undefined;

  return (
    // The field inside has the role; this only listens to its keys.
    <div className={classes.editor} onKeyDown={onKeyDown} onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && !isInPicker(event.relatedTarget) && kind !== "date" && kind !== "moment" && leave("stay")}>
      {list ? (
        <Select
          aria-label={property.label}
          data={list}
          value={text || null}
          onChange={(next) => commit(next ?? "", "stay")}
          searchable
          clearable
          autoFocus
          defaultDropdownOpened
          placeholder={t("value.none")}
          nothingFoundMessage={t("value.nothingFound")}
          comboboxProps={{ width: "max-content", position: "bottom-start" }}
        />
      ) : kind === "date" || kind === "moment" ? (
        <DayField kind={kind} label={property.label} text={text} onText={setText} onLeave={() => leave("stay")} />
      ) : (
        <ValueInput property={property} value={text} onChange={setText} autoFocus />
      )}
    </div>
  );
}

function isInPicker(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[data-portal], .mantine-Popover-dropdown, .mantine-Combobox-dropdown") !== null;
}

interface DayProps {
  kind: "date" | "moment";
  label: string;
  text: string;
  onText: (text: string) => void;
  onLeave: () => void;
}

/** In place, a date is typed or picked in the browser's own field, which every keyboard and phone knows. */
function DayField({ kind, label, text, onText, onLeave }: DayProps) {
  const shown = kind === "date" ? text : localMinute(text);
  return (
    <input
      type={kind === "date" ? "date" : "datetime-local"}
      className={classes.day}
      aria-label={label}
      value={shown}
      // The field is there because somebody asked to edit: the focus belongs into it.
      autoFocus
      onChange={(event) => onText(kind === "date" ? event.currentTarget.value : utc(event.currentTarget.value))}
      onBlur={onLeave}
    />
  );
}

function localMinute(value: string): string {
  const moment = new Date(value);
  if (value === "" || Number.isNaN(moment.getTime())) return "";
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function utc(local: string): string {
  const moment = new Date(local);
  return local === "" || Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
}
