import { Button, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { isObject } from "@/api/json";
import { PlusIcon } from "@/design/icons";
import { FilterBuilder } from "@/ui/filter-builder/FilterBuilder";
import { useDescribeFilter } from "@/ui/filter-builder/use-describe";
import type { ProblemAt } from "@/ui/schema-form/widget";
import { addPath, emptyFilter, newBranch, renamePath } from "../../model/paths";
import { changeAction } from "../../model/edits";
import { type FlowAction } from "../../model/types";
import { useEditor } from "../../store/context";
import { DefaultPathName } from "./DefaultPathName";
import { type EarlierStep, useOutputFields } from "./earlier-outputs";
import classes from "./forms.module.css";
import { PathList } from "./PathList";
import { useRecordFields } from "./record-fields";

interface Props {
  action: FlowAction;
  steps: readonly EarlierStep[];
  problemAt: ProblemAt;
  disabled: boolean;
}

/** If/then branch: the paths with their conditions; a record takes the first one that it meets. */
export function IfThenForm({ action, steps, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const { actionId } = action;
  const edit = useEditor((state) => state.edit);
  const select = useEditor((state) => state.select);
  const { fields: properties } = useRecordFields();
  const outputs = useOutputFields(steps);
  // Earlier outputs come first: a branch mostly stands right below the step whose answer it looks at.
  const fields = useMemo(() => [...outputs, ...properties], [outputs, properties]);
  const describe = useDescribeFilter(fields);
  const branches = action.listBranches ?? [];
  const names = branches.map((branch, index) => branch.branchName || describe(branch.filterBranch ?? undefined) || t("path.unnamed", { number: index + 1 }));

  return (
    <div className={classes.form}>
      <PathList
        actionId={actionId}
        names={names}
        disabled={disabled}
        head={(index) => (
          <TextInput
            label={t("path.name", { number: index + 1 })}
            placeholder={describe(branches[index]?.filterBranch ?? undefined) || t("path.namePlaceholder")}
            value={branches[index]?.branchName ?? ""}
            onChange={(event) => {
              const name = event.currentTarget.value;
              edit((document) => changeAction(document, actionId, (draft) => setName(draft, index, name)), { mergeKey: `${actionId}:path ${index}` });
            }}
            onBlur={(event) => {
              const name = event.currentTarget.value;
              if (name !== name.trim()) edit((document) => renamePath(document, actionId, index, name));
            }}
            disabled={disabled}
            autoComplete="off"
          />
        )}
        body={(index) => {
          const path = `listBranches[${index}].filterBranch`;
          const problem = problemAt(path, false);
          const filter = branches[index]?.filterBranch;
          return (
            <div data-field={path}>
              <FilterBuilder
                label={t("path.conditions", { name: names[index] })}
                value={isObject(filter ?? undefined) ? (filter ?? null) : null}
                onChange={(next) =>
                  edit(
                    (document) =>
                      changeAction(document, actionId, (draft) => {
                        const branch = draft.listBranches?.[index];
                        if (branch) branch.filterBranch = next ?? emptyFilter();
                      }),
                    { mergeKey: `${actionId}:${path}` },
                  )
                }
                fields={fields}
                disabled={disabled}
                problemOf={(group, item) => problemAt(`${path}.filterBranches[${group}].filters[${item}]`, true)?.message}
              />
              {problem && (
                <div className={classes.warning} role="note">
                  {problem.message}
                </div>
              )}
            </div>
          );
        }}
      />
      {!disabled && (
        <div>
          <Button
            variant="default"
            leftSection={<PlusIcon size={14} />}
            onClick={() => {
              edit((document) => addPath(document, actionId, newBranch(action.type, "")));
              select({ kind: "step", actionId }, `listBranches[${branches.length}].filterBranch`);
            }}
          >
            {t("path.add")}
          </Button>
        </div>
      )}
      <DefaultPathName action={action} fallback={t("path.noneMet")} disabled={disabled} />
    </div>
  );
}

function setName(action: FlowAction, index: number, name: string): void {
  const branch = action.listBranches?.[index];
  if (branch) branch.branchName = name;
}
