import { Button, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { DialogFooter } from "@/ui/DialogFooter";
import { say } from "@/ui/toast";
import { type ConnectedApp, useReplaceKey } from "./queries";

interface Props {
  app: ConnectedApp;
  onClose: () => void;
}

/** Asks for another key. The provider checks it before the old one goes; its words stand beside the field. */
export function ReplaceKeyDialog({ app, onClose }: Props) {
  const { t } = useTranslation("connections");
  const [key, setKey] = useState("");
  const replace = useReplaceKey();
  const problem = replace.error ? asProblem(replace.error) : undefined;

  const submit = () =>
    replace.mutate(
      { app, key: key.trim() },
      {
        onSuccess: () => {
          say(t("replace.done", { name: app.name }));
          onClose();
        },
      },
    );

  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t("replace.title", { name: app.name })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (key.trim()) submit();
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {app.status === "needs_attention" ? t("replace.explainPaused") : t("replace.explain", { lastFour: app.lastFour })}
          </Text>
          <PasswordInput
            label={t("replace.key")}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            error={problem && (problem.message || t("ui:error.unreachableRemedy"))}
            autoComplete="off"
            data-autofocus
            required
          />
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={replace.isPending} disabled={!key.trim()}>
              {t("replace.submit")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
