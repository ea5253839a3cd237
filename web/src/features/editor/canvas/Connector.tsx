import { memo } from "react";
import { useTranslation } from "react-i18next";
import { PlusIcon } from "@/design/icons";
import type { Exit } from "../model/edges";
import { useCanvas, useMoving } from "./canvas-context";
import classes from "./FlowTree.module.css";

interface Props {
  exit: Exit;
  /** The number of the step above; null at the start of the workflow or of a path. */
  after: number | null;
}

/** The line from one card to the next, with the + that adds a step there. */
export const Connector = memo(function Connector({ exit, after }: Props) {
  const active = useMoving((moving) => moving.activeExit === exit);
  const taken = useMoving((moving) => moving.taken.has(exit));
  const { t } = useTranslation("editor");
  const { editing } = useCanvas();
  const where = after === null ? (exit === "start" ? t("canvas.addFirst") : t("canvas.addOnPath")) : t("canvas.addAfter", { number: after });
  return (
    <div className={classes.line} data-taken={taken || undefined}>
      {editing && (
        <button type="button" className={classes.plus} aria-label={where} data-exit={exit} data-active={active || undefined} onClick={() => editing.onInsert(exit)}>
          <PlusIcon size={14} stroke={2} aria-hidden />
        </button>
      )}
    </div>
  );
});
