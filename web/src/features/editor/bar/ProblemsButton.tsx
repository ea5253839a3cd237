import { ActionIcon, Popover } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { ErrorIcon, InfoIcon, WarningIcon } from "@/design/icons";
import { useStepTitle } from "../describe/use-step-title";
import { useUi } from "../editor-ui";
import { useEditor, useEditorStore } from "../store/context";
import { type BoundProblem, fieldOf, isFault } from "../store/problems";
import classes from "./EditorBar.module.css";

const ICONS = { error: ErrorIcon, warning: WarningIcon, todo: InfoIcon };

/** How many problems there are, or what is left to do before anything is one; pressing it lists them, and each leads to its field. */
export function ProblemsButton() {
  const { t } = useTranslation("editor");
  const problems = useEditor((state) => state.problems);
  const [opened, setOpened] = useState(false);
  const faults = useEditor(useShallow((state) => state.problems.filter((problem) => isFault(problem, state))));
  if (problems.length === 0) return null;
  const tone = faults.length === 0 ? "todo" : faults.some((problem) => problem.severity === "error") ? "error" : "warning";
  const words = t(tone === "todo" ? "problems.todo" : "problems.show", { count: problems.length });
  const Icon = ICONS[tone];
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={380} trapFocus shadow="md">
      <Popover.Target>
        <ActionIcon className={classes.show} data-tone={tone} onClick={() => setOpened(!opened)} aria-label={words} title={words} aria-expanded={opened}>
          <Icon size={18} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={6}>{opened && <ProblemList problems={problems} faults={faults} onDone={() => setOpened(false)} />}</Popover.Dropdown>
    </Popover>
  );
}

interface ListProps {
  problems: readonly BoundProblem[];
  /** Those of them that are not only left to do. */
  faults: readonly BoundProblem[];
  onDone: () => void;
}

function ProblemList({ problems, faults, onDone }: ListProps) {
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
    <ul className={classes.problems} aria-label={t(faults.length === 0 ? "problems.todoTitle" : "problems.title")}>
      {problems.map((problem) => {
        const tone = faults.includes(problem) ? problem.severity : "todo";
        const Icon = ICONS[tone];
        return (
          <li key={`${problem.path} ${problem.code} ${problem.message}`}>
            <button type="button" className={classes.problem} data-tone={tone} onClick={() => go(problem)}>
              <Icon size={16} aria-hidden />
              <span>
                <span className={classes.where}>{where(problem)}</span>
                <span className={classes.what}>{problem.message}</span>
              </span>
            </button>
          </li>
        );
      })}
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
