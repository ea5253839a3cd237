import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { DownIcon, NextIcon } from "@/design/icons";
import { SectionIcon } from "@/features/editor/canvas/SectionIcon";
import { titleOf } from "@/features/editor/describe/describe-step";
import type { ActionType } from "@/features/editor/model/types";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import type { FlowWords } from "../words";
import classes from "./Differences.module.css";
import { fieldLabel, inFormOrder } from "./field-label";
import { FieldChangeView } from "./FieldChangeView";
import type { Words } from "./readable";
import type { StepChange } from "./types";

const TONES: Record<StepChange["change"], Tone> = { added: "success", removed: "error", changed: "accent", moved: "neutral" };

interface Props {
  step: StepChange;
  words: FlowWords;
  reading: Words;
  folded: boolean;
}

/** One step that changed, with what changed in it. */
export function StepChangeView({ step, words, reading, folded }: Props) {
  const { t } = useTranslation("workflows");
  // Of a step that came or went, all fields did; its title says enough at first.
  const [open, setOpen] = useState(!folded && step.change === "changed");
  const id = useId();
  const type = words.catalog.find((one) => (one.actionTypeId ?? one.nodeType) === step.actionTypeId);
  const title = type ? titleOf(type, t) : step.title;
  const shown = step.change === "removed" ? undefined : words.step(step.actionId);
  const has = step.fields.length > 0;

  const line = (
    <>
      <span className={classes.icon} data-section={type?.section}>
        <SectionIcon name={type?.name} section={type?.section} size={14} />
      </span>
      <span className={classes.title}>{shown ?? (step.name || title)}</span>
      <StatusPill tone={TONES[step.change]}>{t(`change.${step.change}`)}</StatusPill>
    </>
  );

  return (
    <li className={classes.change}>
      {has ? (
        <button type="button" className={classes.head} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          {open ? <DownIcon size={14} aria-hidden /> : <NextIcon size={14} aria-hidden />}
          {line}
        </button>
      ) : (
        <div className={classes.head}>{line}</div>
      )}
      {step.change === "moved" && <p className={classes.note}>{t("differences.moved")}</p>}
      {has && open && (
        <div id={id} className={classes.fields}>
          {inFormOrder(type, step.fields).map((field) => (
            <FieldChangeView key={field.path} label={labelOf(type, field.path, t("field.stepName"))} field={field} words={reading} />
          ))}
        </div>
      )}
    </li>
  );
}

function labelOf(type: ActionType | undefined, path: string, stepName: string): string {
  return path === "stepName" ? stepName : fieldLabel(type, path);
}
