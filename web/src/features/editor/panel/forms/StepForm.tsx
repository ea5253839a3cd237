import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { JsonObject } from "@/api/json";
import { SchemaForm } from "@/ui/schema-form/SchemaForm";
import schemaClasses from "@/ui/schema-form/SchemaForm.module.css";
import { useUi } from "../../editor-ui";
import { LlmForm } from "../../llm/LlmForm";
import { findAction } from "../../model/edges";
import { inputsOf } from "../../model/inputs";
import { type ActionType, asJson, type FlowAction, typeOf } from "../../model/types";
import { useEditor } from "../../store/context";
import { useEarlierSteps } from "./earlier-outputs";
import { useFocusField } from "./focus-field";
import { useFormWords } from "./form-words";
import classes from "./forms.module.css";
import { useHeldBack } from "./held-back";
import { IfThenForm } from "./IfThenForm";
import { MailPreview } from "./MailPreview";
import { useStepProblems } from "./step-problems";
import { StepFormContext, useStepForm } from "./step-form-context";
import { StepTokenScope } from "./StepTokenScope";
import { stepWidgets } from "./step-widgets";
import { ValueEqualsForm } from "./ValueEqualsForm";

/** The form of one step: its inputs as its action's schema describes them. */
export function StepForm({ actionId }: { actionId: string }) {
  const { catalog } = useUi();
  return <StepInputs actionId={actionId} catalog={catalog} />;
}

interface Props {
  actionId: string;
  catalog: readonly ActionType[];
}

/** The same with the catalogue given, which is all that it needs of the editor beside its store. */
export function StepInputs({ actionId, catalog }: Props) {
  const form = useRef<HTMLDivElement>(null);
  useFocusField(form);
  const action = useEditor((state) => findAction(state.document, actionId));
  const steps = useEarlierSteps(actionId, catalog);
  const { isHeld, watch } = useHeldBack(actionId);
  const world = useMemo(() => ({ actionId, steps, isHeld }), [actionId, steps, isHeld]);
  if (!action) return null;
  const type = typeOf(catalog, action);
  return (
    <StepFormContext value={world}>
      <StepTokenScope steps={steps}>
        <div ref={form} className={classes.form} {...watch}>
          {type ? <Inputs action={action} type={type} /> : <UnknownAction action={action} />}
        </div>
      </StepTokenScope>
    </StepFormContext>
  );
}

function Inputs({ action, type }: { action: FlowAction; type: ActionType }) {
  const { actionId } = action;
  const { steps } = useStepForm();
  const setFields = useEditor((state) => state.setFields);
  const disabled = useEditor((state) => state.readOnly);
  const problemAt = useStepProblems(actionId, action.type === "SINGLE_CONNECTION");
  const words = useFormWords(type.name);
  const inputs = inputsOf(action);
  const onChange = (next: JsonObject, path: string) => setFields(actionId, next, path);
  if (type.name === "use_custom_llm") return <LlmForm actionId={actionId} inputs={inputs} onChange={onChange} problemAt={problemAt} disabled={disabled} />;
  if (type.name === "if_then_branch") return <IfThenForm action={action} steps={steps} problemAt={problemAt} disabled={disabled} />;
  if (!type.fields) return null;
  if (type.name === "value_equals_branch") return <ValueEqualsForm action={action} schema={type.fields} steps={steps} words={words} problemAt={problemAt} disabled={disabled} />;
  return (
    <div className={classes.form}>
      <SchemaForm schema={type.fields} value={inputs} onChange={onChange} widgets={stepWidgets} words={words} problemAt={problemAt} disabled={disabled} />
      {type.effect === "MAIL" && <MailPreview actionId={actionId} />}
    </div>
  );
}

/** An action of another system: kept word for word, shown as it is. */
function UnknownAction({ action }: { action: FlowAction }) {
  const { t } = useTranslation("forms");
  return (
    <>
      <p className={classes.plain}>{t("step.unknown")}</p>
      <pre className={schemaClasses.raw} aria-label={t("step.asItIs")}>
        {JSON.stringify(asJson({ actions: [action] }).actions, null, 2)}
      </pre>
    </>
  );
}
