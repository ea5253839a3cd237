import { Autocomplete, Button, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";
import { say, sayProblem } from "@/ui/toast";
import { type FlowRow, useMove } from "../queries";

interface Props {
  row: FlowRow;
  name: string;
  folders: readonly string[];
  onClose: () => void;
}

/** Moves a workflow into a folder, one that is there or a new one. */
export function MoveDialog({ row, name, folders, onClose }: Props) {
  const { t } = useTranslation("workflows");
  const [folder, setFolder] = useState(row.folder);
  const move = useMove();
  const wanted = folder.trim();

  const submit = () => {
    const back = row.folder;
    move.mutate(
      { flowId: row.id, folder: wanted },
      {
        onSuccess: () => say(wanted ? t("move.done", { name, folder: wanted }) : t("move.out", { name }), () => move.mutate({ flowId: row.id, folder: back })),
        onError: (error) => sayProblem(error, t("move.failed", { name })),
      },
    );
    onClose();
  };

  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t("move.title", { name })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== row.folder) submit();
        }}
      >
        <Stack>
          <Autocomplete size="sm" label={t("move.folder")} description={t("move.explain")} data={[...folders]} value={folder} onChange={setFolder} maxLength={200} data-autofocus />
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" disabled={wanted === row.folder}>
              {t(wanted === "" && row.folder !== "" ? "move.takeOut" : "move.submit")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
