import { Button, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { DialogFooter } from "@/ui/DialogFooter";
import { SecretOnce } from "@/ui/SecretOnce";
import { sayProblem } from "@/ui/toast";
import { nameOf, type User, useResetLink } from "./queries";

/** Makes a link with which a person sets a new password, to be handed over. */
export function ResetLinkDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation("users");
  const formats = useFormats();
  const reset = useResetLink();
  const name = nameOf(user);
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{t("resetLink.title", { name })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <Stack>
        {reset.data ? (
          <SecretOnce explanation={t("resetLink.explain", { name, at: formats.moment(reset.data.expiresAt) })} secret={reset.data.url} />
        ) : (
          <Text size="sm">{t("resetLink.text")}</Text>
        )}
        <DialogFooter>
          {reset.data ? (
            <Button onClick={onClose}>{t("done")}</Button>
          ) : (
            <>
              <Button variant="default" onClick={onClose}>
                {t("ui:action.cancel")}
              </Button>
              <Button loading={reset.isPending} onClick={() => reset.mutate(user, { onError: (error) => sayProblem(error) })}>
                {t("resetLink.submit")}
              </Button>
            </>
          )}
        </DialogFooter>
      </Stack>
    </Modal>
  );
}
