import { Button, Modal, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";
import { say, sayProblem } from "@/ui/toast";
import { type EvalSet, type Sample, type SampleRow, useCreateSet, useKeep } from "../queries";
import { CheckList } from "../sets/CheckList";
import { type CheckDraft, checkOf, isWhole, newDraft } from "../sets/checks";
import { useAnswerFields } from "../sets/use-answer-fields";
import { useLlmSteps } from "../use-llm-steps";
import { type Answer, answersOf } from "./read-row";

interface Props {
  flowId: string;
  sample: Sample;
  rows: readonly SampleRow[];
  sets: readonly EvalSet[];
  onKept: () => void;
  onClose: () => void;
}

const NEW = "new";

/** Keeps rows as cases of an eval set; one row alone can be corrected first, or be given checks of its own. */
export function KeepDialog({ flowId, sample, rows, sets, onKept, onClose }: Props) {
  const { t } = useTranslation("evals");
  const steps = useLlmSteps(flowId);
  const asked = sample.actionId ?? steps[0]?.value ?? "";
  const [target, setTarget] = useState(sets[0]?.id ?? NEW);
  const [name, setName] = useState(t("set.defaultName"));
  const [step, setStep] = useState(asked);
  const [checks, setChecks] = useState<CheckDraft[]>();
  const [corrections, setCorrections] = useState<Record<string, string>>({});
  const create = useCreateSet(flowId);
  const keep = useKeep();
  const set = sets.find(({ id }) => id === target);
  const action = set?.actionId ?? step;
  const one = rows.length === 1 ? rows[0] : undefined;
  const fields = useAnswerFields(flowId, action);
  const answers = one ? answersOf(one).filter(({ actionId }) => actionId === action) : [];

  const send = async () => {
    try {
      const evalSetId = set?.id ?? (await create.mutateAsync({ name, actionId: step, judge: null })).id;
      const changed = Object.fromEntries(Object.entries(corrections).filter(([field, value]) => answers.find((answer) => answer.field === field)?.value !== value));
      const kept = await keep.mutateAsync({ evalSetId, sampleId: sample.id, rows: rows.map(({ position }) => ({ position, corrections: one && !checks ? changed : {}, ...(checks ? { checks: checks.map(checkOf) } : {}) })) });
      say(t("keep.done", { count: kept.results.length }));
      onKept();
    } catch (problem) {
      sayProblem(problem, t("keep.failed"));
    }
  };

  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{one ? t("keep.one", { name: one.recordName }) : t("keep.many", { count: rows.length })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t("keep.explain")}
          </Text>
          <Select
            label={t("keep.into")}
            data={[...sets.map(({ id, name: called }) => ({ value: id, label: called })), { value: NEW, label: t("keep.newSet") }]}
            value={target}
            onChange={(value) => setTarget(value ?? NEW)}
            allowDeselect={false}
          />
          {target === NEW && (
            <>
              <TextInput label={t("set.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} required />
              <Select label={t("set.step")} data={steps} value={step} onChange={(value) => setStep(value ?? "")} allowDeselect={false} />
            </>
          )}
          {one && (
            <SegmentedControl
              aria-label={t("keep.expects")}
              data={[
                { value: "answer", label: t("keep.byAnswer") },
                { value: "checks", label: t("keep.byChecks") },
              ]}
              value={checks ? "checks" : "answer"}
              onChange={(by) => setChecks(by === "checks" ? [newDraft(fields[0]?.name ?? "text")] : undefined)}
            />
          )}
          {checks && <CheckList checks={checks} fields={fields} onChange={setChecks} errorAt={() => undefined} />}
          {!checks &&
            answers.map((answer) => (
              <Correction key={answer.field} answer={answer} value={corrections[answer.field] ?? answer.value} onChange={(value) => setCorrections({ ...corrections, [answer.field]: value })} />
            ))}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={create.isPending || keep.isPending} disabled={checks !== undefined && !checks.every(isWhole)}>
              {t("keep.action")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}

function Correction({ answer, value, onChange }: { answer: Answer; value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("evals");
  return <TextInput label={t("keep.should", { field: answer.field })} description={value === answer.value ? undefined : t("keep.was", { value: answer.value })} value={value} onChange={(event) => onChange(event.currentTarget.value)} />;
}
