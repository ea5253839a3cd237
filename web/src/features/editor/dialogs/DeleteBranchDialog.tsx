import { Button, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";
import { describePath } from "../describe/describe-step";
import { useStepTitle } from "../describe/use-step-title";
import { useUi } from "../editor-ui";
import { answeredPathIn, errorPathIn } from "../model/error-path";
import { chainSteps, type Path, type Step } from "../model/tree";
import { useEditor } from "../store/context";

const ALL = "all";

/** Asks what stays when a branch, or an LLM step with a path for failed records, is deleted with steps below it. */
export function DeleteBranchDialog() {
  const { deleting } = useUi();
  return deleting && <OpenDialog key={deleting} actionId={deleting} />;
}

function OpenDialog({ actionId }: { actionId: string }) {
  const { t } = useTranslation("editor");
  const { deeds, show } = useUi();
  const { titleOf, look } = useStepTitle();
  const step = useEditor((state) => state.tree.places.get(actionId)?.step);
  const paths = step?.paths ?? [];
  const first = step && firstChoice(step);
  const [kept, setKept] = useState<string>(first?.exit ?? ALL);
  const close = () => show({ deleting: null });
  if (!step) return null;
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("deleteBranch.title", { step: titleOf(step) })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          close();
          deeds.removeBranch(actionId, paths.find((path) => path.exit === kept) ?? null);
        }}
      >
        <Stack gap="md">
          <Radio.Group label={t("deleteBranch.question")} value={kept} onChange={setKept}>
            <Stack gap={8} mt={8}>
              {paths
                .filter((path) => path.chain.steps.length > 0)
                .map((path) => (
                  <Radio
                    key={path.exit}
                    value={path.exit}
                    data-autofocus={path.exit === first?.exit || undefined}
                    label={t("deleteBranch.keep", { path: describePath(step.action, path.exit, look), count: chainSteps(path.chain).length })}
                  />
                ))}
              <Radio value={ALL} label={t("deleteBranch.all", { count: paths.reduce((sum, path) => sum + chainSteps(path.chain).length, 0) })} />
            </Stack>
          </Radio.Group>
          <DialogFooter>
            <Button variant="default" onClick={close}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" color="red.8">
              {t("ui:action.delete")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}

/** The path that most likely stays: what follows the answers of an LLM step, else the one with the most steps. */
function firstChoice(step: Step): Path | undefined {
  const count = (path: Path) => chainSteps(path.chain).length;
  const answered = errorPathIn(step) && answeredPathIn(step);
  if (answered) return count(answered) > 0 ? answered : undefined;
  return (step.paths ?? []).toSorted((one, other) => count(other) - count(one))[0];
}
