import type { ReactNode } from "react";
import { ErrorIcon, WarningIcon } from "@/design/icons";
import type { CardDecoration } from "./decoration";
import classes from "./StepCard.module.css";

interface Props {
  icon: ReactNode;
  /** The section of the palette, which gives the tile its colour. */
  section: string;
  kicker: string;
  headline: ReactNode;
  detail: string;
}

/** Tile, kicker, name and summary. Screen readers get the name of the card's button instead. */
export function CardBody({ icon, section, kicker, headline, detail }: Props) {
  return (
    <div className={classes.body} aria-hidden={typeof headline === "string" || undefined}>
      <span className={classes.tile} data-section={section}>
        {icon}
      </span>
      <span className={classes.words}>
        <span className={classes.kicker}>{kicker}</span>
        <span className={classes.name}>{headline}</span>
        {detail && (
          <span className={classes.detail} title={detail}>
            {detail}
          </span>
        )}
      </span>
    </div>
  );
}

/** What a screen adds to a card: pills at its foot, a badge at its corner. */
export function CardPills({ decoration }: { decoration: CardDecoration | undefined }) {
  if (!decoration) return null;
  const { pills = [], badge } = decoration;
  return (
    <>
      {badge && (
        <span className={classes.badge} data-tone={badge.tone} title={badge.label}>
          {badge.tone === "error" ? <ErrorIcon size={14} aria-hidden /> : <WarningIcon size={14} aria-hidden />}
        </span>
      )}
      {pills.length > 0 && (
        <span className={classes.pills}>
          {pills.map((pill) => (
            <span key={pill.text} className={classes.pill} data-tone={pill.tone} title={pill.title}>
              {pill.icon}
              {pill.text}
            </span>
          ))}
        </span>
      )}
    </>
  );
}
