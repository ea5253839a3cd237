import { Button, Modal, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";
import { sayProblem } from "@/ui/toast";
import { type KnowledgeSet, useChangeSet, useCreateSet } from "./queries";

interface Props {
  /** The set to change; without it a new one is made. */
  set?: KnowledgeSet;
  /** What a new one can be in. */
  languages?: readonly string[];
  onCreated?: (setId: string) => void;
  onClose: () => void;
}

/** Makes a set, or gives one another name or description. Its language stays. */
export function SetDialog({ set, languages = [], onCreated, onClose }: Props) {
  const { t, i18n } = useTranslation("knowledge");
  const [name, setName] = useState(set?.name ?? "");
  const [description, setDescription] = useState(set?.description ?? "");
  const [language, setLanguage] = useState(i18n.language === "da" ? "danish" : "english");
  const create = useCreateSet();
  const change = useChangeSet(set?.id ?? "");
  const submit = () => {
    const wish = { name: name.trim(), description: description.trim() };
    const onError = (problem: unknown) => sayProblem(problem);
    if (set) change.mutate(wish, { onSuccess: onClose, onError });
    else
      create.mutate(
        { ...wish, language },
        {
          onSuccess: ({ id }) => {
            onClose();
            onCreated?.(id);
          },
          onError,
        },
      );
  };
  const named = (one: string) => t(`language.${one}`);
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t(set ? "change.title" : "create.title")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack>
          <TextInput label={t("column.name")} placeholder={t("create.nameHint")} maxLength={100} required withAsterisk={false} value={name} onChange={(event) => setName(event.currentTarget.value)} autoComplete="off" data-autofocus />
          <Textarea label={t("create.description")} maxLength={500} autosize minRows={2} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
          {!set && (
            <Select
              label={t("column.language")}
              description={t("create.languageHint")}
              searchable
              data={[...languages].sort((a, b) => named(a).localeCompare(named(b))).map((value) => ({ value, label: named(value) }))}
              value={language}
              onChange={(next) => next && setLanguage(next)}
              allowDeselect={false}
            />
          )}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={create.isPending || change.isPending} disabled={name.trim() === ""}>
              {t(set ? "ui:action.save" : "create.submit")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
