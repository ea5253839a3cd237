import { Button, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";
import { sayProblem } from "@/ui/toast";
import { type EvalSet, useChangeSet, useCreateSet } from "../queries";
import { useLlmSteps } from "../use-llm-steps";
import { type JudgeDraft, JudgeFields, judgeOf } from "./JudgeFields";

interface Props {
  flowId: string;
  /** The set to change; without one a new set is made. */
  set?: EvalSet;
  onClose: () => void;
}

/** Names an eval set, the step that it is for, and its judge if it has one. */
export function SetDialog({ flowId, set, onClose }: Props) {
  const { t } = useTranslation("evals");
  const navigate = useNavigate();
  const steps = useLlmSteps(flowId);
  const [name, setName] = useState(set?.name ?? t("set.defaultName"));
  const [step, setStep] = useState<string>();
  const [judge, setJudge] = useState<JudgeDraft>(set?.judge ?? undefined);
  const create = useCreateSet(flowId);
  const change = useChangeSet();
  const chosen = set?.actionId ?? step ?? steps[0]?.value ?? null;
  const judged = judgeOf(judge);
  const send = () => {
    if (!chosen || judged === undefined) return;
    if (set) change.mutate({ evalSetId: set.id, name, judge: judged }, { onSuccess: onClose, onError: (problem) => sayProblem(problem, t("set.changeFailed")) });
    else
      create.mutate(
        { name, actionId: chosen, judge: judged },
        {
          onSuccess: ({ id }) => void navigate({ to: "/workflows/$flowId/evals", params: { flowId }, search: { set: id } }),
          onError: (problem) => sayProblem(problem, t("set.failed")),
        },
      );
  };
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{set ? t("set.change") : t("set.create")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack gap="md">
          <TextInput label={t("set.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} required data-autofocus />
          {!set && <Select label={t("set.step")} data={steps} value={chosen} onChange={(value) => setStep(value ?? undefined)} allowDeselect={false} error={steps.length === 0 ? t("set.noStep") : undefined} />}
          <JudgeFields judge={judge} onChange={setJudge} />
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={create.isPending || change.isPending} disabled={!chosen || judged === undefined}>
              {set ? t("ui:action.save") : t("set.create")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
