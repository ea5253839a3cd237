import { Collapse, UnstyledButton } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { DownIcon, NextIcon } from "@/design/icons";
import classes from "./SchemaForm.module.css";

interface Props {
  /** The words of the folded line; *Advanced options* where none are given. */
  title?: string;
  /** What differs from the defaults, said on the folded line: "Temperature 0.2". */
  summary: readonly string[];
  /** Open from the start, as when there is a problem inside. */
  opened?: boolean;
  children: ReactNode;
}

/** Settings that most steps leave alone, folded; its line says which of them are set. */
export function AdvancedSection({ title, summary, opened: fromStart = false, children }: Props) {
  const { t } = useTranslation("forms");
  const id = useId();
  const [clicked, setClicked] = useState<boolean>();
  const opened = clicked ?? fromStart;
  const turn = () => setClicked(!opened);
  return (
    <section className={classes.advanced}>
      {/* No <button>: a form that one may only read is a disabled fieldset, and its folds open all the same. */}
      <UnstyledButton
        component="div"
        role="button"
        tabIndex={0}
        className={classes.fold}
        aria-expanded={opened}
        aria-controls={id}
        onClick={turn}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          turn();
        }}
      >
        {opened ? <DownIcon size={16} aria-hidden /> : <NextIcon size={16} aria-hidden />}
        <span className={classes.foldTitle}>{title ?? t("advanced.title")}</span>
        <span className={classes.foldSummary}>{summary.join(" · ")}</span>
      </UnstyledButton>
      <Collapse expanded={opened} id={id} transitionDuration={0}>
        <div className={classes.inside}>{children}</div>
      </Collapse>
    </section>
  );
}
