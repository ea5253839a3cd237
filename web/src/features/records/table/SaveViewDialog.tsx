import { Button, Checkbox, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";

interface Props {
  title: string;
  name?: string;
  /** Whether the box for sharing is there. */
  mayShare?: boolean;
  busy: boolean;
  onSave: (name: string, shared: boolean) => void;
  onClose: () => void;
}

/** Names a view, and says who sees it. */
export function SaveViewDialog({ title, name: before = "", mayShare = false, busy, onSave, onClose }: Props) {
  const { t } = useTranslation("records");
  const [name, setName] = useState(before);
  const [shared, setShared] = useState(false);
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") onSave(name.trim(), shared);
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t("view.name")}
            description={before === "" ? t("view.holds") : undefined}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={100}
            data-autofocus
            autoComplete="off"
          />
          {mayShare && <Checkbox label={t("view.shareWithAll")} checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={name.trim() === ""}>
              {t("ui:action.save")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
