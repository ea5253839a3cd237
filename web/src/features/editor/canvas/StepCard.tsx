import { memo, type MouseEvent, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { DownIcon, MoreIcon, NextIcon } from "@/design/icons";
import { describeStep, titleOf } from "../describe/describe-step";
import { type FlowAction, typeOf } from "../model/types";
import { useCanvas } from "./canvas-context";
import { CardBody, CardPills } from "./CardBody";
import type { CardDecoration } from "./decoration";
import { NameField } from "./NameField";
import { SectionIcon } from "./SectionIcon";
import classes from "./StepCard.module.css";

interface Props {
  id: string;
  number: number;
  action: FlowAction;
  /** The name that a person gave to it; else its card says what it does. */
  name: string;
  selected: boolean;
  renaming: boolean;
  dragged: boolean;
  /** Whether its paths are folded away; undefined when it has none. */
  collapsed: boolean | undefined;
  /** The titles of the steps that it refers to: the card is drawn again when one of them changes. */
  referred: string;
  decoration: CardDecoration | undefined;
}

/** One step. Its button covers the card and is what the keyboard reaches; the menu appears with the pointer or focus. */
export const StepCard = memo(function StepCard({ id, number, action, name, selected, renaming, dragged, collapsed, referred, decoration }: Props) {
  const { t } = useTranslation("editor");
  const { catalog, look, editing, onSelect } = useCanvas();
  const type = typeOf(catalog, action);
  // An insert gives every card below it another number and nothing else. `look` stays the same object while the titles
  // in it change, so that `referred` stands for them.
  const { headline, detail } = useMemo(() => describeStep(action, type, look), [action, type, look, referred]);
  const title = useMemo(() => (type ? titleOf(type, t) : t("card.foreign")), [type, t]);
  const shown = name || headline;
  const openMenu = (event: MouseEvent<HTMLElement>) => {
    if (!editing) return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    const pointed = event.clientX > 0 && event.type === "contextmenu";
    editing.onMenu(id, pointed ? { x: event.clientX, y: event.clientY } : { x: box.left + Math.min(24, box.width), y: box.bottom });
  };
  return (
    <div
      className={classes.card}
      data-step={id}
      data-selected={selected || undefined}
      data-faded={decoration?.faded || undefined}
      data-dragged={dragged || undefined}
      onContextMenu={openMenu}
      onPointerDown={(event) => editing?.onGrab(id, event)}
    >
      {!renaming && (
        <button
          type="button"
          className={classes.main}
          aria-label={t("card.label", { number, name: shown, title, problem: decoration?.badge?.label ?? "", context: decoration?.badge ? "problem" : undefined })}
          aria-current={selected || undefined}
          onClick={(event) => onSelect(id, event.detail === 0)}
        />
      )}
      <CardBody
        icon={<SectionIcon name={type?.name} section={type?.section} size={17} />}
        section={type?.section ?? "Unknown"}
        kicker={t("card.numbered", { number, title })}
        headline={renaming && editing ? <NameField name={name} placeholder={headline} onSave={(changed) => editing.onRename(id, changed)} onDone={editing.onRenamed} /> : shown}
        detail={name && detail === "" ? headline : detail}
      />
      <CardPills decoration={decoration} />
      {editing && !renaming && (
        <button type="button" className={classes.more} aria-label={t("card.menu", { number })} aria-haspopup="menu" onClick={openMenu}>
          <MoreIcon size={16} aria-hidden />
        </button>
      )}
      {editing && collapsed !== undefined && (
        <button type="button" className={classes.fold} aria-label={t(collapsed ? "card.unfold" : "card.fold", { number })} aria-expanded={!collapsed} onClick={() => editing.onToggleCollapsed(id)}>
          {collapsed ? <NextIcon size={12} aria-hidden /> : <DownIcon size={12} aria-hidden />}
        </button>
      )}
    </div>
  );
});
