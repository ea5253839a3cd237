import { Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { sayProblem } from "@/ui/toast";

interface Props {
  objectType: string;
  recordId: string;
  name: string;
  onErased: () => void;
  onClose: () => void;
}

/** Erases a record with everything that was kept of it, after its name was typed: nothing brings it back. */
export function EraseDialog({ objectType, recordId, name, onErased, onClose }: Props) {
  const { t } = useTranslation("records");
  const client = useQueryClient();
  const erase = useMutation({
    mutationFn: () => call(api.POST("/crm/v3/objects/{objectType}/gdpr-delete", { params: { path: { objectType } }, body: { objectId: recordId } })),
    onSuccess: () => {
      onErased();
      void client.invalidateQueries();
    },
    onError: (problem) => sayProblem(problem, t("erase.failed")),
  });
  return (
    <ConfirmDialog opened title={t("erase.title", { name })} confirm={t("erase.action")} destructive typeToConfirm={name} busy={erase.isPending} onConfirm={() => erase.mutate()} onClose={onClose}>
      <Text size="sm">{t("erase.explain")}</Text>
    </ConfirmDialog>
  );
}
