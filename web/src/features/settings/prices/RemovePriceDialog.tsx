import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { say, sayProblem } from "@/ui/toast";
import { type OwnPrice, useRemovePrice } from "./queries";

/** Asks before a stated price goes, and says what the model costs then. */
export function RemovePriceDialog({ price, onClose }: { price: OwnPrice; onClose: () => void }) {
  const { t } = useTranslation("prices");
  const formats = useFormats();
  const remove = useRemovePrice();
  const { listed, model } = price;
  return (
    <ConfirmDialog
      opened
      title={t("removeTitle", { model })}
      confirm={t("remove")}
      destructive
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(price, {
          onSuccess: () => {
            say(t("removed", { model }));
            onClose();
          },
          onError: (error) => sayProblem(error),
        })
      }
    >
      <Text size="sm">{listed ? t("removeText", { input: formats.money(Number(listed.inputUsd)), output: formats.money(Number(listed.outputUsd)) }) : t("removeUnlisted")}</Text>
    </ConfirmDialog>
  );
}
