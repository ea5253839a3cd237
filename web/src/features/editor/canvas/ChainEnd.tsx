import { useTranslation } from "react-i18next";
import { CloseIcon, JumpIcon, WarningIcon } from "@/design/icons";
import { type Chain, lastExit } from "../model/tree";
import { useCanvas } from "./canvas-context";
import classes from "./FlowTree.module.css";
import { useStepNumber } from "./step-numbers";

/** What stands at the end of a chain: the end of the way, or where it goes on. */
export function ChainEnd({ chain }: { chain: Chain }) {
  const { t } = useTranslation("editor");
  const { editing, onReveal } = useCanvas();
  const { end } = chain;
  const number = useStepNumber(end.kind === "jump" ? end.to : null);
  const exit = lastExit(chain);
  switch (end.kind) {
    case "open":
      return <span className={classes.end}>{t("canvas.end")}</span>;
    case "missing":
      return (
        <span className={classes.end} data-missing>
          <WarningIcon size={13} aria-hidden />
          {t("canvas.missing", { id: end.to })}
        </span>
      );
    case "jump":
      return (
        <span className={classes.jump}>
          <button type="button" className={classes.jumpTo} onClick={() => onReveal(end.to)}>
            <JumpIcon size={14} aria-hidden />
            {t("canvas.continueAt", { number })}
          </button>
          {editing && exit && (
            <button type="button" className={classes.jumpOff} aria-label={t("canvas.removeJump", { number })} onClick={() => editing.onRemoveJump(exit)}>
              <CloseIcon size={12} aria-hidden />
            </button>
          )}
        </span>
      );
    default:
      return null;
  }
}
