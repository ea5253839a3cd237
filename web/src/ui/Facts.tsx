import type { ReactNode } from "react";
import classes from "./Facts.module.css";

export interface Fact {
  name: string;
  value: ReactNode;
}

/** Names and values side by side. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(({ name, value }) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
