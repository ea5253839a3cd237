import { WarningIcon } from "@/design/icons";
import { describePath } from "../describe/describe-step";
import { type Exit, isErrorExit } from "../model/edges";
import type { FlowAction } from "../model/types";
import { useCanvas } from "./canvas-context";
import classes from "./FlowTree.module.css";

interface Props {
  actionId: string;
  action: FlowAction;
  exit: Exit;
  taken: boolean;
}

/** The condition of a path as a sentence; pressing it opens the step that it leaves. */
export function PathPill({ actionId, action, exit, taken }: Props) {
  const { look, onSelect } = useCanvas();
  const label = describePath(action, exit, look);
  return (
    <button type="button" className={classes.pathPill} data-failed={isErrorExit(exit) || undefined} data-taken={taken || undefined} title={label} onClick={(event) => onSelect(actionId, event.detail === 0)}>
      {isErrorExit(exit) && <WarningIcon size={13} aria-hidden />}
      {label}
    </button>
  );
}
