import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { say, sayProblem } from "@/ui/toast";
import { type ApiToken, useRevokeToken } from "./queries";

/** Ends a token for good, after saying whether anybody still uses it. */
export function RevokeTokenDialog({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const { t } = useTranslation("tokens");
  const formats = useFormats();
  const revoke = useRevokeToken();
  return (
    <ConfirmDialog
      opened
      title={t("revoke.title", { name: token.name })}
      confirm={t("revoke.submit")}
      destructive
      busy={revoke.isPending}
      onClose={onClose}
      onConfirm={() =>
        revoke.mutate(token, {
          onSuccess: () => {
            say(t("revoke.done", { name: token.name }));
            onClose();
          },
          onError: (error) => sayProblem(error),
        })
      }
    >
      <Text size="sm">{token.lastUsedAt ? t("revoke.used", { at: formats.ago(token.lastUsedAt) }) : t("revoke.unused")}</Text>
    </ConfirmDialog>
  );
}
