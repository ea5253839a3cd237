import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { say, sayProblem } from "@/ui/toast";
import { type Cap, useRemoveCap } from "./queries";
import { useCapWords } from "./words";

/** Asks before a cap goes: what waits for it goes on, and nothing holds the spending any more. */
export function RemoveCapDialog({ cap, onClose }: { cap: Cap; onClose: () => void }) {
  const { t } = useTranslation("spend");
  const words = useCapWords();
  const formats = useFormats();
  const remove = useRemoveCap();
  return (
    <ConfirmDialog
      opened
      title={t("caps.removeTitle")}
      confirm={t("caps.remove")}
      destructive
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(cap.id, {
          onSuccess: () => {
            say(t("caps.removed"));
            onClose();
          },
          onError: (error) => sayProblem(error),
        })
      }
    >
      <Text size="sm">{t("caps.removeText", { limit: words.limit(cap), whose: words.whose(cap) })}</Text>
      {cap.waiting.count > 0 && (
        <Text size="sm" mt="xs">
          {t("caps.removeWaiting", { count: cap.waiting.count, number: formats.number(cap.waiting.count) })}
        </Text>
      )}
    </ConfirmDialog>
  );
}
