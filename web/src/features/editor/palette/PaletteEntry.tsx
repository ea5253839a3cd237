import { SectionIcon } from "../canvas/SectionIcon";
import card from "../canvas/StepCard.module.css";
import classes from "./Palette.module.css";
import type { Entry } from "./search";

interface Props {
  id: string;
  entry: Entry;
  /** What Enter takes. */
  marked: boolean;
  /** Why it cannot be put here; null when it can. */
  reason: string | null;
  onMark: () => void;
  onChoose: () => void;
}

export function PaletteEntry({ id, entry, marked, reason, onMark, onChoose }: Props) {
  return (
    <div
      id={id}
      role="option"
      aria-selected={marked}
      aria-disabled={reason !== null || undefined}
      className={classes.entry}
      data-marked={marked || undefined}
      onPointerMove={marked ? undefined : onMark}
      onPointerDown={(event) => event.preventDefault()} // the search keeps the keyboard
      onClick={onChoose}
    >
      <span className={card.tile} data-section={entry.type.section}>
        <SectionIcon name={entry.type.name} section={entry.type.section} size={17} />
      </span>
      <span className={classes.words}>
        <span className={classes.title}>{entry.title}</span>
        <span className={classes.description}>{reason ?? entry.description}</span>
      </span>
    </div>
  );
}
