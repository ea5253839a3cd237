import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function UndoMessage({ message, onUndo }: { message: string; onUndo: () => void }) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <span>{message}</span>
      <Button variant="subtle" size="compact-xs" onClick={onUndo}>
        {t("action.undo")}
      </Button>
    </Group>
  );
}
