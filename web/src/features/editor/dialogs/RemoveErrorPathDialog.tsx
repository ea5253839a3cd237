import { Button, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";
import { useStepTitle } from "../describe/use-step-title";
import { useUi } from "../editor-ui";
import { errorPathIn } from "../model/error-path";
import { chainSteps } from "../model/tree";
import { useEditor } from "../store/context";

/** Says how many steps go with a step's path for failed records before it is taken away. */
export function RemoveErrorPathDialog() {
  const { unpathing } = useUi();
  return unpathing && <OpenDialog key={unpathing} actionId={unpathing} />;
}

function OpenDialog({ actionId }: { actionId: string }) {
  const { t } = useTranslation("editor");
  const { deeds, show } = useUi();
  const { titleOf } = useStepTitle();
  const step = useEditor((state) => state.tree.places.get(actionId)?.step);
  const path = errorPathIn(step);
  const close = () => show({ unpathing: null });
  if (!step || !path) return null;
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("removeErrorPath.title", { step: titleOf(step) })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          close();
          deeds.dropErrorPath(actionId);
        }}
      >
        <Stack gap="md">
          <Text size="sm">{t("removeErrorPath.text", { count: chainSteps(path.chain).length })}</Text>
          <DialogFooter>
            <Button variant="default" onClick={close} data-autofocus>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" color="red.8">
              {t("removeErrorPath.remove")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
