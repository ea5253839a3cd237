import { createContext, useContext } from "react";
import type { BoundProblem } from "../../store/problems";
import type { EarlierStep } from "./earlier-outputs";

export interface StepFormWorld {
  /** null for the form of the enrollment trigger. */
  actionId: string | null;
  /** What came before this step, with its outputs. */
  steps: readonly EarlierStep[];
  /** Whether the form does not speak of a problem yet. */
  isHeld: (problem: BoundProblem) => boolean;
}

export const StepFormContext = createContext<StepFormWorld>({ actionId: null, steps: [], isHeld: () => false });

export const useStepForm = (): StepFormWorld => useContext(StepFormContext);
