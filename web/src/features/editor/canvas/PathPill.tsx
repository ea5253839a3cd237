import { describePath } from "../describe/describe-step";
import type { FlowAction } from "../model/types";
import { useCanvas } from "./canvas-context";
import classes from "./FlowTree.module.css";

interface Props {
  actionId: string;
  action: FlowAction;
  /** null for "None met". */
  index: number | null;
  taken: boolean;
}

/** The condition of a path as a sentence; pressing it opens the branch. */
export function PathPill({ actionId, action, index, taken }: Props) {
  const { look, onSelect } = useCanvas();
  const label = describePath(action, index, look);
  return (
    <button type="button" className={classes.pathPill} data-taken={taken || undefined} title={label} onClick={(event) => onSelect(actionId, event.detail === 0)}>
      {label}
    </button>
  );
}
