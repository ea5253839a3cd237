import { Button, Modal, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { DialogFooter } from "@/ui/DialogFooter";
import { say } from "@/ui/toast";
import { nameFromLabel } from "./kinds";
import { useCreateObjectType } from "./queries";

interface Props {
  onCreated: (name: string) => void;
  onClose: () => void;
}

/** Makes an object type of one's own: what one and many records are called, and the property that names a record. */
export function CreateObjectTypeDialog({ onCreated, onClose }: Props) {
  const { t } = useTranslation("properties");
  const [singular, setSingular] = useState("");
  const [plural, setPlural] = useState("");
  const [typedName, setTypedName] = useState<string>();
  const [display, setDisplay] = useState(t("objectType.displayDefault"));
  const create = useCreateObjectType();
  const problem = create.error ? asProblem(create.error) : undefined;
  const name = typedName ?? nameFromLabel(plural);
  const displayName = nameFromLabel(display);
  const ready = singular.trim() !== "" && plural.trim() !== "" && name !== "" && displayName !== "";

  return (
    <Modal opened onClose={onClose} size={520} title={<Text fw={600}>{t("objectType.create")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(
            { name, singular: singular.trim(), plural: plural.trim(), displayLabel: display.trim(), displayName },
            {
              onSuccess: (made) => {
                say(t("objectType.created", { name: made.labels.plural }));
                onCreated(made.name);
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label={t("objectType.singular")} placeholder={t("objectType.singularExample")} value={singular} onChange={(event) => setSingular(event.currentTarget.value)} required data-autofocus autoComplete="off" />
            <TextInput label={t("objectType.plural")} placeholder={t("objectType.pluralExample")} value={plural} onChange={(event) => setPlural(event.currentTarget.value)} required autoComplete="off" />
          </SimpleGrid>
          <TextInput label={t("field.name")} description={t("objectType.nameUse")} value={name} onChange={(event) => setTypedName(event.currentTarget.value)} required autoComplete="off" />
          <TextInput label={t("objectType.display")} description={t("objectType.displayUse")} value={display} onChange={(event) => setDisplay(event.currentTarget.value)} required autoComplete="off" />
          {problem && (
            <Text size="sm" c="var(--error)" role="alert">
              {problem.errors[0]?.message ?? (problem.message || t("ui:error.unreachableRemedy"))}
            </Text>
          )}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={!ready}>
              {t("create.submit")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
