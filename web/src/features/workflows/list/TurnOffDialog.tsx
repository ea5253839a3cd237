import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { say, sayProblem } from "@/ui/toast";
import { useBoundedCount } from "../bounded-count";
import { type FlowRow, useActivation } from "../queries";

interface Props {
  row: FlowRow;
  name: string;
  onClose: () => void;
}

/** Says what stops when a workflow is turned off. */
export function TurnOffDialog({ row, name, onClose }: Props) {
  const { t } = useTranslation("workflows");
  const count = useBoundedCount();
  const activation = useActivation();

  const turnOff = () =>
    activation.mutate(
      { flowId: row.id, enabled: false },
      {
        onSuccess: () => {
          say(t("activation.isOff", { name }), () => activation.mutate({ flowId: row.id, enabled: true }, { onError: (error) => sayProblem(error) }));
          onClose();
        },
        onError: (error) => sayProblem(error, t("activation.offFailed", { name })),
      },
    );

  return (
    <ConfirmDialog opened title={t("activation.offTitle", { name })} confirm={t("activation.off")} busy={activation.isPending} onConfirm={turnOff} onClose={onClose}>
      <Stack gap="xs">
        <Text size="sm">{t("activation.offNew")}</Text>
        <Text size="sm">{row.active.count === 0 ? t("activation.offNobody") : t("activation.offInside", { count: row.active.count, number: count(row.active) })}</Text>
      </Stack>
    </ConfirmDialog>
  );
}
