import { useCallback } from "react";
import type { ProblemAt } from "@/ui/schema-form/widget";
import { useProblems } from "../../store/context";
import { isUnder } from "../../store/problems";
import { useStepForm } from "./step-form-context";

/**
 * The problems of a step by the path below its inputs: `prompt`, `output.fields[0].name`, `listBranches[1].filterBranch`;
 * without those that the form does not speak of yet.
 */
export function useStepProblems(actionId: string, hasFieldsObject: boolean): ProblemAt {
  const problems = useProblems(actionId);
  const { isHeld } = useStepForm();
  return useCallback(
    (path, below) => {
      const at = hasFieldsObject ? `fields.${path}` : path;
      const found = problems.filter((problem) => (problem.at === at || (below && isUnder(problem.at, at))) && !isHeld(problem));
      return found.find((problem) => problem.severity === "error") ?? found[0];
    },
    [problems, isHeld, hasFieldsObject],
  );
}
