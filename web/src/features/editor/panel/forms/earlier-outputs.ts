import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { FilterField } from "@/ui/filter-builder/fields";
import { isFieldType } from "@/ui/filter-builder/fields";
import { stepName } from "../../model/names";
import { type EarlierOutputs, outputsBefore } from "../../model/scope";
import { type ActionType, type FlowDocument, type OutputSpec, typeOf } from "../../model/types";
import { outputPath } from "../../prompt/tokens";
import { useEditor } from "../../store/context";
import { useRecordFields } from "./record-fields";

export interface EarlierStep {
  actionId: string;
  /** "1. Classify" */
  title: string;
  outputs: readonly OutputSpec[];
}

function titled(document: FlowDocument, catalog: readonly ActionType[], { step, outputs }: EarlierOutputs): EarlierStep {
  const name = stepName(document, step.id) || typeOf(catalog, step.action)?.title || step.action.type;
  return { actionId: step.id, title: `${step.number}. ${name}`, outputs };
}

/** The steps that can have run before this one, with what they put out. The same list as long as nothing of it changes. */
export function useEarlierSteps(actionId: string | null, catalog: readonly ActionType[]): readonly EarlierStep[] {
  const document = useEditor((state) => state.document);
  const tree = useEditor((state) => state.tree);
  const outputs = useEditor((state) => state.outputs);
  const { fields } = useRecordFields();
  const last = useRef<{ steps: readonly EarlierStep[]; text: string }>({ steps: [], text: "[]" });
  return useMemo(() => {
    const steps = actionId === null ? [] : outputsBefore(document, tree, actionId, outputs).map((earlier) => withOptions(titled(document, catalog, earlier), fields));
    const text = JSON.stringify(steps);
    if (text !== last.current.text) last.current = { steps, text };
    return last.current.steps;
  }, [document, tree, outputs, actionId, catalog, fields]);
}

/** Choices that are those of a property get its options as they are now, without waiting for the next check. */
function withOptions(step: EarlierStep, fields: readonly FilterField[]): EarlierStep {
  const optionsOf = ({ optionsFrom, options }: OutputSpec) => fields.find((field) => field.name === optionsFrom)?.options ?? options;
  return { ...step, outputs: step.outputs.map((output) => (output.optionsFrom === undefined ? output : { ...output, options: [...optionsOf(output)] })) };
}

/** Outputs that carry where an answer came from; they are of use to the history, not to authors. */
const PROVENANCE: readonly string[] = ["hs_model", "hs_prompt_hash"];

/** Those outputs that authors choose from. */
export const offered = (step: EarlierStep): readonly OutputSpec[] => step.outputs.filter((output) => !PROVENANCE.includes(output.name));

/** Earlier outputs as fields of filters: a branch looks at them as it looks at properties. */
export function useOutputFields(steps: readonly EarlierStep[]): FilterField[] {
  const { t } = useTranslation("filters");
  return useMemo(
    () =>
      steps.flatMap((step) =>
        offered(step).map((output) => ({
          name: outputPath(step.actionId, output.name),
          label: output.label,
          group: t("outputs", { step: step.title }),
          type: isFieldType(output.type) ? output.type : ("string" as const),
          multiple: false,
          options: output.options,
        })),
      ),
    [steps, t],
  );
}
