import type { ReactNode } from "react";
import classes from "./StatusPill.module.css";

export type Tone = "neutral" | "accent" | "success" | "warning" | "error" | "ai";

interface Props {
  tone: Tone;
  icon?: ReactNode;
  children: ReactNode;
}

/** A state as a small pill: always a word, an icon where one helps, never colour alone. */
export function StatusPill({ tone, icon, children }: Props) {
  return (
    <span className={classes.pill} data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}
