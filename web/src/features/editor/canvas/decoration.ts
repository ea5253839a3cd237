import type { ReactNode } from "react";
import type { Tone } from "@/ui/StatusPill";
import type { Exit } from "../model/edges";

/** A small pill at the foot of a card: a state, a count of records, a cost. */
export interface CardPill {
  text: string;
  tone: Tone;
  icon?: ReactNode;
  /** For the tooltip. */
  title?: string;
}

/** What a screen adds to a step's card. Keep the objects as long as they say the same: cards render by identity. */
export interface CardDecoration {
  pills?: readonly CardPill[];
  /** Something is wrong: a badge at the corner of the card. */
  badge?: { tone: "warning" | "error"; label: string };
  /** The record did not come here: the card stands back. */
  faded?: boolean;
}

/** By actionId; `trigger` for the trigger's card. */
export type Decorations = ReadonlyMap<string, CardDecoration>;

/** The exits that a record took: their lines are drawn in the accent. */
export type TakenExits = ReadonlySet<Exit>;
