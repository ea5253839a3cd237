import { Button, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { DialogFooter } from "@/ui/DialogFooter";
import { say } from "@/ui/toast";
import { usePutSecret } from "./queries";

interface Props {
  /** The secret to replace; a new one when it is left out. */
  name?: string;
  onClose: () => void;
}

/** Asks for a secret's name and value. */
export function SecretDialog({ name: known, onClose }: Props) {
  const { t } = useTranslation("webhooks");
  const [name, setName] = useState(known ?? "");
  const [value, setValue] = useState("");
  const put = usePutSecret();
  const problem = put.error ? asProblem(put.error) : undefined;
  const ready = name.trim() !== "" && value !== "";
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t(known === undefined ? "secrets.add" : "secrets.replace")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready) return;
          put.mutate(
            { name: name.trim(), value },
            {
              onSuccess: () => {
                say(t("secrets.saved", { name: name.trim() }));
                onClose();
              },
            },
          );
        }}
      >
        <Stack>
          <TextInput
            label={t("secrets.name")}
            description={known === undefined ? t("secrets.nameHint") : undefined}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            disabled={known !== undefined}
            error={problem?.message}
            data-autofocus={known === undefined || undefined}
            autoComplete="off"
          />
          <PasswordInput
            label={t("secrets.value")}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            data-autofocus={known !== undefined || undefined}
            autoComplete="off"
          />
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={put.isPending} disabled={!ready}>
              {t("secrets.save")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
