import { Button, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isObject, type Json, type JsonObject } from "@/api/json";
import { PlusIcon } from "@/design/icons";
import type { FieldOption } from "@/ui/filter-builder/fields";
import { SchemaForm } from "@/ui/schema-form/SchemaForm";
import type { FormWords, ProblemAt } from "@/ui/schema-form/widget";
import { changeAction } from "../../model/edits";
import { addPath } from "../../model/paths";
import type { FlowAction } from "../../model/types";
import { useEditor } from "../../store/context";
import { DefaultPathName } from "./DefaultPathName";
import type { EarlierStep } from "./earlier-outputs";
import classes from "./forms.module.css";
import { PathList } from "./PathList";
import { useRecordFields } from "./record-fields";
import { stepWidgets } from "./step-widgets";

interface Props {
  action: FlowAction;
  schema: JsonObject;
  steps: readonly EarlierStep[];
  words: Partial<FormWords>;
  problemAt: ProblemAt;
  disabled: boolean;
}

const DRAWN_ELSEWHERE = ["staticBranches", "defaultBranch", "defaultBranchName"];

/** Value equals branch: which value, and a path for each that it can be; those are proposed where they are known. */
export function ValueEqualsForm({ action, schema, steps, words, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const edit = useEditor((state) => state.edit);
  const select = useEditor((state) => state.select);
  const { actionId } = action;
  const branches = action.staticBranches ?? [];
  const options = usePossibleValues(action.inputValue as Json | undefined, steps);
  const taken = new Set(branches.map((branch) => branch.branchValue));
  const left = options.filter((option) => !taken.has(option.value));
  const labelOf = (value: string | undefined) => options.find((option) => option.value === value)?.label ?? value ?? "";
  const names = branches.map((branch, index) => labelOf(branch.branchValue) || t("path.unnamed", { number: index + 1 }));

  const setValue = (index: number, value: string) =>
    edit(
      (document) =>
        changeAction(document, actionId, (draft) => {
          const branch = draft.staticBranches?.[index];
          if (branch) branch.branchValue = value;
        }),
      { mergeKey: `${actionId}:staticBranches[${index}]` },
    );
  const addOne = () => {
    edit((document) => addPath(document, actionId, { branchValue: left[0]?.value ?? "" }));
    select({ kind: "step", actionId }, `staticBranches[${branches.length}].branchValue`);
  };
  const addAll = () => edit((document) => left.reduce((changed, option) => addPath(changed, actionId, { branchValue: option.value }), document));

  return (
    <div className={classes.form}>
      <SchemaForm
        schema={schema}
        value={{ inputValue: (action.inputValue as Json | undefined) ?? null }}
        onChange={(next, path) =>
          edit(
            (document) =>
              changeAction(document, actionId, (draft) => {
                draft.inputValue = next.inputValue;
              }),
            { mergeKey: `${actionId}:${path}` },
          )
        }
        widgets={stepWidgets}
        words={words}
        problemAt={problemAt}
        disabled={disabled}
        leaveOut={DRAWN_ELSEWHERE}
      />
      <PathList
        actionId={actionId}
        names={names}
        disabled={disabled}
        head={(index) => {
          const path = `staticBranches[${index}].branchValue`;
          const problem = problemAt(path, false);
          const value = branches[index]?.branchValue ?? "";
          const shared = { label: t("path.value", { number: index + 1 }), error: problem?.message, disabled };
          return (
            <div data-field={path}>
              {options.length > 0 ? (
                <Select {...shared} data={options.some((one) => one.value === value) || value === "" ? [...options] : [...options, { value, label: value }]} value={value || null} onChange={(next) => setValue(index, next ?? "")} searchable placeholder={t("value.chooseOption")} />
              ) : (
                <TextInput {...shared} value={value} onChange={(event) => setValue(index, event.currentTarget.value)} placeholder={t("path.valuePlaceholder")} autoComplete="off" />
              )}
            </div>
          );
        }}
      />
      {!disabled && (
        <div>
          {left.length > 1 ? (
            <Button variant="default" leftSection={<PlusIcon size={14} />} onClick={addAll}>
              {t("path.addAll", { count: left.length })}
            </Button>
          ) : (
            <Button variant="default" leftSection={<PlusIcon size={14} />} onClick={addOne}>
              {t("path.add")}
            </Button>
          )}
        </div>
      )}
      <DefaultPathName action={action} fallback={t("path.noneOfThese")} disabled={disabled} />
    </div>
  );
}

/** All values that the branch's value can have, where that is known: options of a property or an output. */
function usePossibleValues(value: Json | undefined, steps: readonly EarlierStep[]): readonly FieldOption[] {
  const { t } = useTranslation("forms");
  const { fields } = useRecordFields();
  if (!isObject(value)) return [];
  const truths = [
    { value: "true", label: t("value.yes") },
    { value: "false", label: t("value.no") },
  ];
  if (value.type === "OBJECT_PROPERTY") {
    const field = fields.find((one) => one.name === value.propertyName);
    return field?.type === "bool" ? truths : field?.multiple ? [] : (field?.options ?? []);
  }
  const output = steps.find((step) => step.actionId === value.actionId)?.outputs.find((one) => one.name === value.dataKey);
  return output?.type === "bool" ? truths : (output?.options ?? []);
}
