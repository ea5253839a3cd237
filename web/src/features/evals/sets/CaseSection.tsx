import { Button, FileButton, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { PlusIcon, UploadIcon } from "@/design/icons";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { Section } from "@/ui/Section";
import { say, sayProblem } from "@/ui/toast";
import classes from "../evals.module.css";
import { casesQuery, type EvalCase, type EvalSet, useDeleteSet, useImportCases } from "../queries";
import { CaseDialog } from "./CaseDialog";
import { CaseTable } from "./CaseTable";

/** The cases of a set, and the ways to more of them. */
export function CaseSection({ flowId, set }: { flowId: string; set: EvalSet }) {
  const { t } = useTranslation("evals");
  const { may } = useSession();
  const navigate = useNavigate();
  const cases = useQuery(casesQuery(set.id));
  const upload = useImportCases();
  const remove = useDeleteSet();
  const [deleting, setDeleting] = useState(false);
  const [edited, setEdited] = useState<EvalCase | "new">();
  const take = (file: File | null) =>
    file &&
    upload.mutate({ evalSetId: set.id, file }, { onSuccess: ({ results }) => say(t("keep.done", { count: results.length })), onError: (problem) => sayProblem(problem, t("case.importFailed")) });

  return (
    <Section
      title={t("cases.title", { count: set.cases })}
      description={t("cases.description")}
      actions={
        may("flows.write") && (
          <Group gap="xs">
            <Button variant="default" leftSection={<PlusIcon size={16} />} onClick={() => setEdited("new")}>
              {t("case.add")}
            </Button>
            <FileButton accept=".csv,text/csv" onChange={take}>
              {(props) => (
                <Button {...props} variant="default" loading={upload.isPending} leftSection={<UploadIcon size={16} />}>
                  {t("case.import")}
                </Button>
              )}
            </FileButton>
            <Button
              variant="subtle"
              color="red"
              onClick={() => setDeleting(true)}
            >
              {t("set.delete")}
            </Button>
          </Group>
        )
      }
    >
      {cases.data?.length === 0 ? <p className={classes.none}>{t("cases.empty")}</p> : <CaseTable evalSetId={set.id} cases={cases.data} onEdit={setEdited} />}
      <ConfirmDialog
        opened={deleting}
        title={t("set.deleteTitle", { name: set.name })}
        confirm={t("set.delete")}
        destructive
        busy={remove.isPending}
        onConfirm={() => remove.mutate(set.id, { onSuccess: () => void navigate({ to: "/workflows/$flowId/evals", params: { flowId }, search: {} }), onError: (problem) => sayProblem(problem, t("set.deleteFailed")) })}
        onClose={() => setDeleting(false)}
      >
        {t("set.deleteText", { count: set.cases })}
      </ConfirmDialog>
      {edited && <CaseDialog flowId={flowId} set={set} {...(edited === "new" ? {} : { one: edited })} onClose={() => setEdited(undefined)} />}
    </Section>
  );
}
