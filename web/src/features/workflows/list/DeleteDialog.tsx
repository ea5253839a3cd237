import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { say, sayProblem } from "@/ui/toast";
import { useBoundedCount } from "../bounded-count";
import { type FlowRow, useDeleteFlow } from "../queries";

interface Props {
  row: FlowRow;
  name: string;
  onClose: () => void;
}

/** Says what stops when a workflow is deleted, and asks for its name, since that cannot be taken back. */
export function DeleteDialog({ row, name, onClose }: Props) {
  const { t } = useTranslation("workflows");
  const count = useBoundedCount();
  const remove = useDeleteFlow();
  const { active } = row;

  return (
    <ConfirmDialog
      opened
      destructive
      title={t("delete.title", { name })}
      confirm={t("delete.submit")}
      typeToConfirm={name}
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(row.id, {
          onSuccess: () => {
            say(t("delete.done", { name }));
            onClose();
          },
          onError: (error) => sayProblem(error, t("delete.failed", { name })),
        })
      }
    >
      <Stack gap="xs">
        <Text size="sm">{active.count === 0 ? t("delete.nobody") : t("delete.inside", { count: active.count, number: count(active) })}</Text>
        <Text size="sm">{t("delete.kept")}</Text>
      </Stack>
    </ConfirmDialog>
  );
}
