import { createContext, useContext } from "react";
import type { EarlierStep } from "./earlier-outputs";

export interface StepFormWorld {
  /** null for the form of the enrollment trigger. */
  actionId: string | null;
  /** What came before this step, with its outputs. */
  steps: readonly EarlierStep[];
}

export const StepFormContext = createContext<StepFormWorld>({ actionId: null, steps: [] });

export const useStepForm = (): StepFormWorld => useContext(StepFormContext);
