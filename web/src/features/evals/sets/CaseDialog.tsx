import { Button, Input, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { RecordPicker } from "@/features/editor/panel/forms/RecordPicker";
import { useSampleRecord } from "@/features/editor/panel/forms/sample-record";
import { useFlowWords } from "@/features/workflows/words";
import { DialogFooter } from "@/ui/DialogFooter";
import { sayProblem } from "@/ui/toast";
import classes from "../evals.module.css";
import { type EvalCase, type EvalSet, useAddCase, useChangeCase, useChangeSet } from "../queries";
import { CheckList } from "./CheckList";
import { type CheckDraft, checkOf, draftOf, isWhole, newDraft } from "./checks";
import { type JudgeDraft, JudgeFields, judgeOf } from "./JudgeFields";
import { useAnswerFields } from "./use-answer-fields";

interface Props {
  flowId: string;
  set: EvalSet;
  /** The case to change; without one a case is made of a record as it is now. */
  one?: EvalCase;
  onClose: () => void;
}

/** What the step should answer for one record: by which checks, and who judges those that are written in words. */
export function CaseDialog({ flowId, set, one, onClose }: Props) {
  const { t } = useTranslation("evals");
  const { document } = useFlowWords(flowId);
  const objectType = document.objectTypeId ?? "";
  const { record } = useSampleRecord(objectType);
  const fields = useAnswerFields(flowId, set.actionId);
  const [name, setName] = useState(one?.name ?? "");
  const [written, setChecks] = useState<CheckDraft[] | undefined>(one?.checks.map(draftOf));
  const [judge, setJudge] = useState<JudgeDraft>();
  const add = useAddCase();
  const change = useChangeCase();
  const changeSet = useChangeSet();
  const checks = written ?? (fields[0] ? [newDraft(fields[0].name)] : []);
  const wantsJudge = !set.judge && checks.some(({ kind }) => kind === "judge");
  const judged = judgeOf(judge);
  const ready = checks.length > 0 && checks.every(isWhole) && (!wantsJudge || Boolean(judged)) && (one !== undefined || record !== undefined);
  const failed = add.error ?? change.error;
  const errors = failed ? asProblem(failed).errors : [];

  const send = async () => {
    const wish = { name: name.trim(), checks: checks.map(checkOf) };
    try {
      if (wantsJudge && judged) await changeSet.mutateAsync({ evalSetId: set.id, name: set.name, judge: judged });
      if (one) await change.mutateAsync({ evalSetId: set.id, caseId: one.id, ...wish });
      else if (record) await add.mutateAsync({ evalSetId: set.id, recordId: record.id, ...wish, name: wish.name || record.name });
      onClose();
    } catch (problem) {
      if (!asProblem(problem).errors.some(({ in: path }) => path.startsWith("checks["))) sayProblem(problem, t("case.saveFailed"));
    }
  };

  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{one ? t("case.change") : t("case.add")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void send();
        }}
      >
        <Stack gap="md">
          {!one && (
            <Input.Wrapper label={t("case.record")} description={t("case.recordHint")} descriptionProps={{ mb: 4 }}>
              <RecordPicker objectType={objectType} label={t("case.record")} />
            </Input.Wrapper>
          )}
          <TextInput label={t("set.name")} placeholder={one ? undefined : record?.name} value={name} onChange={(event) => setName(event.currentTarget.value)} autoComplete="off" data-autofocus />
          {one && <Snapshot one={one} />}
          <Input.Wrapper label={t("check.list")} description={t("check.explain")} labelElement="div">
            <CheckList checks={checks} fields={fields} onChange={setChecks} errorAt={(index) => errors.find(({ in: path }) => path.startsWith(`checks[${index}]`))?.message} />
          </Input.Wrapper>
          {wantsJudge && <JudgeFields judge={judge ?? { connectionId: "", model: "" }} onChange={setJudge} />}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={add.isPending || change.isPending || changeSet.isPending} disabled={!ready}>
              {one ? t("ui:action.save") : t("case.add")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}

/** The record as it was when the case was made, which the step is asked about. */
function Snapshot({ one }: { one: EvalCase }) {
  const { t } = useTranslation("evals");
  const values = Object.entries(one.values).filter(([name, value]) => value !== "" && !name.startsWith("hs_"));
  if (values.length === 0) return null;
  return (
    <details className={classes.snapshot}>
      <summary>{t("case.snapshot", { count: values.length })}</summary>
      <dl>
        {values.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
