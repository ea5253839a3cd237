import { ActionIcon, Group } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { DeleteIcon, RenameIcon } from "@/design/icons";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { SimpleTable } from "@/ui/SimpleTable";
import { sayProblem } from "@/ui/toast";
import classes from "../evals.module.css";
import { type EvalCase, useDeleteCase } from "../queries";
import { type Check, plain } from "./checks";

interface Props {
  evalSetId: string;
  cases: readonly EvalCase[] | undefined;
  onEdit: (one: EvalCase) => void;
}

/** The cases of a set with what is expected of each. */
export function CaseTable({ evalSetId, cases, onEdit }: Props) {
  const { t } = useTranslation("evals");
  const { may } = useSession();
  const remove = useDeleteCase();
  const [deleting, setDeleting] = useState<EvalCase>();
  const table = (
    <SimpleTable
      label={t("cases.label")}
      rows={cases}
      rowKey={(one) => one.id}
      columns={[
        { title: t("column.case"), cell: (one) => <span className={classes.clamp}>{one.name}</span> },
        {
          title: t("column.expected"),
          cell: (one) => (
            <div className={classes.changes}>
              {one.checks.map((check, index) => (
                <span key={`${index}.${check.field}.${check.kind}`} className={classes.clamp}>
                  {expectation(check, t)}
                </span>
              ))}
            </div>
          ),
        },
        ...(may("flows.write")
          ? [
              {
                title: "",
                cell: (one: EvalCase) => (
                  <Group gap={4} wrap="nowrap" justify="flex-end">
                    <ActionIcon variant="subtle" color="gray" aria-label={t("case.edit", { name: one.name })} onClick={() => onEdit(one)}>
                      <RenameIcon size={16} />
                    </ActionIcon>
                    <ActionIcon variant="subtle" color="gray" aria-label={t("case.delete", { name: one.name })} onClick={() => setDeleting(one)}>
                      <DeleteIcon size={16} />
                    </ActionIcon>
                  </Group>
                ),
              },
            ]
          : []),
      ]}
    />
  );
  return (
    <>
      {table}
      {deleting && (
        <ConfirmDialog
          opened
          title={t("case.deleteTitle", { name: deleting.name })}
          confirm={t("case.deleteAction")}
          destructive
          busy={remove.isPending}
          onConfirm={() => remove.mutate({ evalSetId, caseId: deleting.id }, { onSuccess: () => setDeleting(undefined), onError: (problem) => sayProblem(problem, t("case.deleteFailed")) })}
          onClose={() => setDeleting(undefined)}
        >
          {t("case.deleteText")}
        </ConfirmDialog>
      )}
    </>
  );
}

/** A check as a sentence: `product equals Mortgage`. */
function expectation(check: Check, t: (key: `kind.${Check["kind"]}`, values: Record<string, unknown>) => string): string {
  const value = check.values?.join(", ") ?? check.pattern ?? check.criterion ?? (check.kind === "within" ? `${check.low ?? ""}–${check.high ?? ""}` : plain(check.value ?? null));
  return t(`kind.${check.kind}`, { field: check.field, value });
}
