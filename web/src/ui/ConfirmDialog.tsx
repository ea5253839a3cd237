import { Button, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "./DialogFooter";

interface Props {
  opened: boolean;
  title: string;
  /** What will happen, and what will stop. */
  children: ReactNode;
  /** The verb of the deed: "Uninstall". */
  confirm: string;
  destructive?: boolean;
  /** A name that has to be typed before the deed can be done, for what cannot be taken back. */
  typeToConfirm?: string;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before a deed that cannot be taken back, in words that say what will stop. */
export function ConfirmDialog(props: Props) {
  const { opened, title, children, confirm, destructive = false, typeToConfirm, busy = false, onConfirm, onClose } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const ready = typeToConfirm === undefined || typed.trim() === typeToConfirm;
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ "aria-label": t("action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onConfirm();
        }}
      >
        <Stack gap="md">
          <div>{children}</div>
          {typeToConfirm !== undefined && (
            <TextInput
              label={t("confirm.typeName", { name: typeToConfirm })}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              data-autofocus
              autoComplete="off"
            />
          )}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" color={destructive ? "red.8" : undefined} loading={busy} disabled={!ready}>
              {confirm}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
