import { useTranslation } from "react-i18next";
import { ErrorIcon, WarningIcon } from "@/design/icons";
import type { Problem } from "../queries";
import classes from "./ProblemList.module.css";

interface Props {
  problems: readonly Problem[];
  /** What stands before a problem: the step it is in. */
  where?: (problem: Problem) => string | undefined;
  /** Leads to the place of a problem. */
  onJump?: ((path: string) => void) | undefined;
}

/** What is wrong in a workflow, errors first; each leads to its place where there is one to lead to. */
export function ProblemList({ problems, where, onJump }: Props) {
  const sorted = [...problems].sort((one, other) => Number(one.severity === "warning") - Number(other.severity === "warning"));
  return (
    <ul className={classes.list}>
      {sorted.map((problem, index) => (
        <li key={`${problem.path} ${problem.code} ${index}`}>
          {onJump ? (
            <button type="button" className={classes.problem} data-jumps onClick={() => onJump(problem.path)}>
              <Words problem={problem} place={where?.(problem)} />
            </button>
          ) : (
            <div className={classes.problem}>
              <Words problem={problem} place={where?.(problem)} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Words({ problem, place }: { problem: Problem; place: string | undefined }) {
  const { t } = useTranslation("workflows");
  const serious = problem.severity === "error";
  const Icon = serious ? ErrorIcon : WarningIcon;
  return (
    <>
      <Icon size={16} className={serious ? classes.error : classes.warning} role="img" aria-label={t(serious ? "problem.error" : "problem.warning")} />
      <span className={classes.words}>
        {place && <span className={classes.place}>{place}</span>}
        {problem.message}
      </span>
    </>
  );
}
