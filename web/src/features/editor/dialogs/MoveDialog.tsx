import { Button, Modal, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";
import { describePath } from "../describe/describe-step";
import { useStepTitle } from "../describe/use-step-title";
import { useUi } from "../editor-ui";
import { type Exit, nextExit, START } from "../model/edges";
import type { Step } from "../model/tree";
import { useEditor } from "../store/context";

/** Moves a step without a pointer: the place is chosen from a list. */
export function MoveDialog() {
  const { moving } = useUi();
  return moving && <OpenDialog key={moving} actionId={moving} />;
}

function OpenDialog({ actionId }: { actionId: string }) {
  const { t } = useTranslation("editor");
  const { deeds, show } = useUi();
  const { titleOf, look } = useStepTitle();
  const steps = useEditor((state) => state.tree.steps);
  const [exit, setExit] = useState<string | null>(null);
  const close = () => show({ moving: null });
  const step = steps.find((one) => one.id === actionId);
  if (!step) return null;

  const placesAt = (one: Step): { value: Exit; label: string }[] =>
    one.paths
      ? one.paths.map((path) => ({ value: path.exit, label: t("move.onPath", { step: titleOf(one), path: describePath(one.action, path.exit, look) }) }))
      : [{ value: nextExit(one.id), label: t("move.after", { step: titleOf(one) }) }];
  const places = [{ value: START, label: t("move.first") }, ...steps.flatMap(placesAt)].filter(({ value }) => deeds.canMove(actionId, value));
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("move.title", { step: titleOf(step) })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (exit === null) return;
          close();
          deeds.move(actionId, exit as Exit);
        }}
      >
        <Stack gap="md">
          <Select label={t("move.place")} data={places} value={exit} onChange={setExit} searchable data-autofocus nothingFoundMessage={t("palette.nothing")} />
          <DialogFooter>
            <Button variant="default" onClick={close}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" disabled={exit === null}>
              {t("move.move")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
