import { Button, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { DialogFooter } from "@/ui/DialogFooter";
import { say, sayProblem } from "@/ui/toast";
import { checkDocument, saveAsCopy } from "../queries";
import { useEditor, useEditorStore } from "../store/context";
import type { Theirs } from "../store/store";

/** Somebody else saved this workflow while it was changed here: nothing is lost, whatever is chosen. */
export function ConflictDialog() {
  const saving = useEditor((state) => state.saving);
  return saving.state === "conflict" ? <OpenDialog theirs={saving.theirs} /> : null;
}

function OpenDialog({ theirs }: { theirs: Theirs }) {
  const { t } = useTranslation("editor");
  const formats = useFormats();
  const store = useEditorStore();
  const [busy, setBusy] = useState(false);
  const name = store.getState().document.name ?? "";

  const take = async () => {
    const checked = await checkDocument(theirs.document).catch(() => null);
    store.getState().replace(theirs.document, theirs.version, checked ? { problems: checked.results, outputs: checked.outputs } : undefined);
    say(t("conflict.taken", { name: theirs.by }), () => store.getState().undo());
  };
  const run = async (deed: () => Promise<void>) => {
    setBusy(true);
    try {
      await deed();
    } catch (error) {
      sayProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const keepCopy = () =>
    run(async () => {
      const copy = t("conflict.copyName", { name });
      await saveAsCopy(store.getState().document, copy);
      await take();
      say(t("conflict.copied", { name: copy }));
    });
  const overwrite = () => {
    const { setSaving, noteSaved } = store.getState();
    // Saved over their version at once by the autosave, since the document here is another than theirs.
    noteSaved(theirs.document, theirs.version);
    setSaving({ state: "waiting" });
    window.dispatchEvent(new Event("online"));
  };
  return (
    <Modal opened onClose={() => undefined} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false} size={520} title={<Text fw={600}>{t("conflict.title")}</Text>}>
      <Stack gap="md">
        <Text>{t("conflict.text", { name: theirs.by, at: formats.moment(theirs.at) })}</Text>
        <DialogFooter>
          <Button variant="subtle" color="gray" onClick={overwrite} disabled={busy}>
            {t("conflict.overwrite")}
          </Button>
          <Button variant="default" onClick={() => void run(take)} disabled={busy}>
            {t("conflict.take")}
          </Button>
          <Button onClick={() => void keepCopy()} loading={busy} data-autofocus>
            {t("conflict.keepCopy")}
          </Button>
        </DialogFooter>
      </Stack>
    </Modal>
  );
}
