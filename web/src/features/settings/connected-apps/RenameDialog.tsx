import { Button, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";
import { sayProblem } from "@/ui/toast";
import { type ConnectedApp, useRenameConnection } from "./queries";

interface Props {
  app: ConnectedApp;
  /** The names that other connections have. */
  taken: readonly string[];
  onClose: () => void;
}

/** Gives a connection another name. Steps refer to it by id, so nothing else changes. */
export function RenameDialog({ app, taken, onClose }: Props) {
  const { t } = useTranslation("connections");
  const [name, setName] = useState(app.name);
  const rename = useRenameConnection();
  const wished = name.trim();
  const clash = taken.some((other) => other.toLowerCase() === wished.toLowerCase());

  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t("rename.title")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!wished || clash) return;
          rename.mutate({ app, name: wished }, { onError: (error) => sayProblem(error) });
          onClose();
        }}
      >
        <Stack>
          <TextInput
            label={t("rename.name")}
            description={t("rename.explain")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={clash ? t("rename.taken") : undefined}
            maxLength={100}
            data-autofocus
          />
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" disabled={!wished || clash}>
              {t("rename.submit")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
