import { ActionIcon, Tooltip } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import type { PropertyDefinition } from "@/api/properties";
import { AiIcon, HistoryIcon, WorkflowsIcon } from "@/design/icons";
import type { Move } from "@/ui/data-table/types";
import type { ValueOrigin } from "../contract";
import { useChangeValues } from "../queries/record";
import { useSourceText } from "../sources/source-text";
import { InlineEditor } from "../values/InlineEditor";
import { ValueText } from "../values/ValueText";
import classes from "./PropertiesPanel.module.css";

interface Props {
  objectType: string;
  recordId: string;
  property: PropertyDefinition;
  value: string | null | undefined;
  origin: ValueOrigin | undefined;
  mayEdit: boolean;
  editing: boolean;
  onEdit: () => void;
  /** The editor is done; `move` says where the hand wants to go. */
  onLeave: (move: Move) => void;
  onHistory: () => void;
}

/** A property with its value, who set it, and the way to its history. A refused value stays with the reason. */
export function PropertyRow({ objectType, recordId, property, value, origin, mayEdit, editing, onEdit, onLeave, onHistory }: Props) {
  const { t } = useTranslation("records");
  const change = useChangeValues(objectType);
  const [refused, setRefused] = useState<{ draft: string; message: string }>();
  const button = useRef<HTMLButtonElement>(null);
  const returnFocus = useRef(false);

  useEffect(() => {
    if (editing || !returnFocus.current) return;
    returnFocus.current = false;
    button.current?.focus({ preventScroll: true });
  }, [editing]);

  const commit = (next: string, move: Move) => {
    returnFocus.current = move === "down";
    onLeave(move === "down" ? "stay" : move);
    setRefused(undefined);
    if (next === (value ?? "")) return;
    change.mutate(
      { recordId, values: { [property.name]: next === "" ? null : next } },
      { onError: (error) => setRefused({ draft: next, message: asProblem(error).message || t("ui:error.unreachableRemedy") }) },
    );
  };
  const cancel = () => {
    returnFocus.current = true;
    setRefused(undefined);
    onLeave("stay");
  };

  return (
    <div className={classes.row} data-editing={editing || undefined}>
      <dt className={classes.label}>
        <span className={classes.words} title={property.description || property.name}>
          {property.label}
        </span>
        {value && origin?.source.kind === "workflow" && <Mark origin={origin} />}
        <Tooltip label={t("history.of", { property: property.label })}>
          <ActionIcon className={classes.history} size={24} aria-label={t("history.of", { property: property.label })} onClick={onHistory}>
            <HistoryIcon size={14} />
          </ActionIcon>
        </Tooltip>
      </dt>
      <dd className={classes.value}>
        {editing ? (
          <InlineEditor property={property} value={value} draft={refused?.draft} onCommit={commit} onCancel={cancel} />
        ) : mayEdit ? (
          <div className={classes.field}>
            <button ref={button} type="button" className={classes.cover} aria-label={t("record.edit", { property: property.label })} onClick={onEdit} />
            <div className={classes.text}>{value ? <ValueText property={property} value={value} /> : <span className={classes.empty}>—</span>}</div>
          </div>
        ) : (
          <div className={classes.text}>{value ? <ValueText property={property} value={value} /> : <span className={classes.empty}>—</span>}</div>
        )}
        {refused && (
          <p className={classes.error} role="alert">
            {refused.message}
            {!editing && (
              <button type="button" className={classes.again} onClick={onEdit}>
                {t("record.editAgain")}
              </button>
            )}
          </p>
        )}
      </dd>
    </div>
  );
}

/** Says that a workflow, and perhaps a model, wrote the value. */
function Mark({ origin }: { origin: ValueOrigin }) {
  const { t } = useTranslation("records");
  const text = useSourceText();
  const words = t("source.setBy", { source: text(origin.source) });
  return (
    <Tooltip label={words}>
      <span className={classes.mark} role="img" aria-label={words} data-ai={origin.source.workflow?.model ? true : undefined}>
        {origin.source.workflow?.model ? <AiIcon size={13} /> : <WorkflowsIcon size={13} />}
      </span>
    </Tooltip>
  );
}
