import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./forms.module.css";

interface Props {
  title: string;
  hint?: string;
  /** The path that problems and links name it by. */
  field?: string;
  children: ReactNode;
}

/** A part of a form under a small heading. */
export function Section({ title, hint, field, children }: Props) {
  return (
    <section className={classes.section} data-field={field} aria-label={title}>
      <Title order={3} className={classes.sectionTitle}>
        {title}
      </Title>
      {hint && <p className={classes.summary}>{hint}</p>}
      {children}
    </section>
  );
}
