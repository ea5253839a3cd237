import type { ReactNode } from "react";
import classes from "./DialogFooter.module.css";

/** The buttons at the foot of a dialog. They stay in sight while a long dialog scrolls. */
export function DialogFooter({ children }: { children: ReactNode }) {
  return <div className={classes.footer}>{children}</div>;
}
