import { Button, Modal, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";
import { sayProblem } from "@/ui/toast";
import { useStartSample } from "../queries";
import { useLlmSteps } from "../use-llm-steps";

const MOST = 500;

/** Asks how many records to try, how far, and for how much. */
export function SampleDialog({ flowId, onClose }: { flowId: string; onClose: () => void }) {
  const { t } = useTranslation("evals");
  const navigate = useNavigate();
  const steps = useLlmSteps(flowId);
  const [number, setNumber] = useState<number>(10);
  const [step, setStep] = useState<string | null>(null);
  const [most, setMost] = useState("");
  const start = useStartSample(flowId);
  const begin = () =>
    start.mutate(
      { number, ...(step ? { actionId: step } : {}), ...(most.trim() ? { maxUsd: most.trim() } : {}) },
      {
        onSuccess: ({ id }) => void navigate({ to: "/workflows/$flowId/evals", params: { flowId }, search: { sample: id } }),
        onError: (problem) => sayProblem(problem, t("sample.failed")),
      },
    );
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t("sample.take")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t("sample.explain")}
          </Text>
          <NumberInput label={t("sample.number")} description={t("sample.numberHint")} min={1} max={MOST} clampBehavior="strict" allowDecimal={false} value={number} onChange={(value) => setNumber(Number(value) || 1)} data-autofocus />
          <Select label={t("sample.until")} placeholder={t("sample.whole")} data={steps} value={step} onChange={setStep} clearable />
          <TextInput label={t("sample.most")} description={t("sample.mostHint")} inputMode="decimal" value={most} onChange={(event) => setMost(event.currentTarget.value)} placeholder="0.50" />
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={start.isPending}>
              {t("sample.begin")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
