import { ActionIcon, Popover } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorIcon, WarningIcon } from "@/design/icons";
import { useStepTitle } from "../describe/use-step-title";
import { useUi } from "../editor-ui";
import { useEditor, useEditorStore } from "../store/context";
import { type BoundProblem, fieldOf } from "../store/problems";
import classes from "./EditorBar.module.css";

/** How many problems there are; pressing it lists them, and each leads to its field. */
export function ProblemsButton() {
  const { t } = useTranslation("editor");
  const problems = useEditor((state) => state.problems);
  const [opened, setOpened] = useState(false);
  if (problems.length === 0) return null;
  const tone = problems.some((problem) => problem.severity === "error") ? "error" : "warning";
  const words = t("problems.show", { count: problems.length });
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={380} trapFocus shadow="md">
      <Popover.Target>
        <ActionIcon className={classes.show} data-tone={tone} onClick={() => setOpened(!opened)} aria-label={words} title={words} aria-expanded={opened}>
          {tone === "error" ? <ErrorIcon size={18} aria-hidden /> : <WarningIcon size={18} aria-hidden />}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={6}>{opened && <ProblemList problems={problems} onDone={() => setOpened(false)} />}</Popover.Dropdown>
    </Popover>
  );
}

function ProblemList({ problems, onDone }: { problems: readonly BoundProblem[]; onDone: () => void }) {
  const { t } = useTranslation("editor");
  const { titleOf } = useStepTitle();
  const { deeds } = useUi();
  const store = useEditorStore();
  const places = useEditor((state) => state.tree.places);
  const where = (problem: BoundProblem) => {
    const step = problem.actionId === null ? undefined : places.get(problem.actionId)?.step;
    if (step) return titleOf(step);
    return problem.path.startsWith("enrollmentCriteria") ? t("card.trigger") : t("problems.workflow");
  };
  const go = (problem: BoundProblem) => {
    onDone();
    goToProblem(store, problem);
    if (problem.actionId !== null) deeds.reveal(problem.actionId);
  };
  return (
    <ul className={classes.problems} aria-label={t("problems.title")}>
      {problems.map((problem) => (
        <li key={`${problem.path} ${problem.code} ${problem.message}`}>
          <button type="button" className={classes.problem} data-tone={problem.severity} onClick={() => go(problem)}>
            {problem.severity === "error" ? <ErrorIcon size={16} aria-hidden /> : <WarningIcon size={16} aria-hidden />}
            <span>
              <span className={classes.where}>{where(problem)}</span>
              <span className={classes.what}>{problem.message}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Opens the form of what a problem is about, at its field. */
export function goToProblem(store: ReturnType<typeof useEditorStore>, problem: BoundProblem): void {
  const { select, endFresh } = store.getState();
  endFresh();
  if (problem.actionId !== null) select({ kind: "step", actionId: problem.actionId }, fieldOf(problem));
  else if (problem.path.startsWith("enrollmentCriteria")) select({ kind: "trigger" }, fieldOf(problem));
}
