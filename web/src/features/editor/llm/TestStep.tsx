import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import { asBody } from "@/api/json";
import { asProblem } from "@/api/problem";
import { useSession } from "@/api/session";
import { TestIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { Withheld } from "@/ui/Withheld";
import { findAction } from "../model/edges";
import { inputsOf } from "../model/inputs";
import { asJson } from "../model/types";
import { RecordPicker } from "../panel/forms/RecordPicker";
import { useSampleRecord } from "../panel/forms/sample-record";
import { useEditorStore } from "../store/context";
import classes from "./llm.module.css";
import { TestAnswer } from "./TestAnswer";

interface Props {
  actionId: string;
  objectType: string;
}

/** Tries the step on one record. The model is really asked; nothing is written. */
export function TestStep({ actionId, objectType }: Props) {
  const { t } = useTranslation("forms");
  const formats = useFormats();
  const { may } = useSession();
  const store = useEditorStore();
  const { record } = useSampleRecord(objectType);
  const allowed = may("runs.operate");

  const test = useMutation({
    mutationFn: (recordId: string) => {
      const { document, flowId } = store.getState();
      const action = findAction(document, actionId);
      // Answers of earlier steps are only asked for when this step needs them.
      const runEarlier = action !== undefined && JSON.stringify(inputsOf(action)).includes("action_outputs.");
      return call(api.POST("/penstock/v1/flows/{flowId}/step-tests", { params: { path: { flowId } }, body: { document: asBody(asJson(document)), actionId, recordId, runEarlier } }));
    },
  });
  const result = test.data;
  // Earlier steps may have been run for their outputs, and other models asked before the one that answered.
  const rows = result?.steps.filter((one) => one.actionId === actionId) ?? [];
  const step = rows.at(-1);
  const failure = test.error ? asProblem(test.error) : undefined;

  return (
    <section className={classes.test} aria-label={t("test.title")}>
      <div className={classes.testHead}>
        <RecordPicker objectType={objectType} label={t("test.record")} />
        <Withheld because={allowed ? !record && t("test.noRecord") : t("test.refused")}>
          <Button
            variant="default"
            h={34}
            leftSection={<TestIcon size={16} aria-hidden />}
            onClick={() => record && test.mutate(record.id)}
            loading={test.isPending}
          >
            {t("test.run")}
          </Button>
        </Withheld>
      </div>
      <div aria-live="polite">
        {failure && (
          <div className={classes.testError} role="alert">
            {failure.message || t("ui:error.unreachableRemedy")}
          </div>
        )}
        {result && !failure && <TestAnswer step={step} passed={rows.slice(0, -1)} error={result.error} />}
      </div>
      {result && !failure && step && step.inputTokens !== null && (
        <div className={classes.testFoot}>
          <span>{t("test.tokens", { input: formats.number(step.inputTokens), output: formats.number(step.outputTokens ?? 0) })}</span>
          <span>
            {result.costUsd === null
              ? t("test.timeOnly", { time: formats.duration(result.seconds) })
              : t("test.timeAndPrice", { time: formats.duration(result.seconds), price: formats.money(Number(result.costUsd)) })}
          </span>
        </div>
      )}
    </section>
  );
}
