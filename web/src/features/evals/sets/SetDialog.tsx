import { Button, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";
import { sayProblem } from "@/ui/toast";
import { useCreateSet } from "../queries";
import { useLlmSteps } from "../use-llm-steps";

/** Names a new eval set and the step that it is for. */
export function SetDialog({ flowId, onClose }: { flowId: string; onClose: () => void }) {
  const { t } = useTranslation("evals");
  const navigate = useNavigate();
  const steps = useLlmSteps(flowId);
  const [name, setName] = useState(t("set.defaultName"));
  const [step, setStep] = useState<string>();
  const create = useCreateSet(flowId);
  const chosen = step ?? steps[0]?.value ?? null;
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t("set.create")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!chosen) return;
          create.mutate(
            { name, actionId: chosen, judge: null },
            {
              onSuccess: ({ id }) => void navigate({ to: "/workflows/$flowId/evals", params: { flowId }, search: { set: id } }),
              onError: (problem) => sayProblem(problem, t("set.failed")),
            },
          );
        }}
      >
        <Stack gap="md">
          <TextInput label={t("set.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} required data-autofocus />
          <Select label={t("set.step")} data={steps} value={chosen} onChange={(value) => setStep(value ?? undefined)} allowDeselect={false} error={steps.length === 0 ? t("set.noStep") : undefined} />
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={!chosen}>
              {t("set.create")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
