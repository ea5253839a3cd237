import { Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import classes from "./Page.module.css";

interface Props {
  title: string;
  /** Under the title: one sentence at most. */
  description?: ReactNode;
  /** Before the title: a breadcrumb or a back link. */
  before?: ReactNode;
  /** Beside the title: state, counts. */
  beside?: ReactNode;
  /** At the right end of the title's row. */
  actions?: ReactNode;
  /** The screens of one thing, in the middle of a lower row; they stay in place from one screen to the next. */
  tabs?: ReactNode;
  /** Under the title's row, such as tabs; stands on the same surface as it. */
  below?: ReactNode;
  /** Lets the content fill the page up to its edges, for tables that scroll by themselves. */
  flush?: boolean;
  children: ReactNode;
}

/** A screen with a heading. Its content scrolls; its heading stays. */
export function Page({ title, description, before, beside, actions, tabs, below, flush = false, children }: Props) {
  useDocumentTitle(`${title} · Penstock`);
  return (
    <div className={classes.page}>
      <header className={classes.header} data-tabs={tabs !== undefined || undefined}>
        <div className={classes.row}>
          <div className={classes.heading}>
            {before}
            <Title order={1} className={classes.title}>
              {title}
            </Title>
            {beside}
          </div>
          {tabs}
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
        {description && <p className={classes.description}>{description}</p>}
        {below && <div className={classes.below}>{below}</div>}
      </header>
      {/* What scrolls can be scrolled with the keyboard; what fills the page has a part of its own that does. */}
      {flush ? (
        <div className={classes.flush}>{children}</div>
      ) : (
        <div className={classes.content} tabIndex={0}>
          {children}
        </div>
      )}
    </div>
  );
}
