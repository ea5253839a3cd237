import { SegmentedControl, Textarea } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { isObject, type Json, type JsonObject, objectsOf } from "@/api/json";
import { AdvancedSection } from "@/ui/schema-form/AdvancedSection";
import type { ProblemAt } from "@/ui/schema-form/widget";
import classes from "./llm.module.css";

interface Props {
  inputs: JsonObject;
  onChange: (name: string, value: Json) => void;
  problemAt: ProblemAt;
  disabled: boolean;
}

/** What the server sends where the author says nothing else (use_custom_llm_fields.py). */
export const REPAIR_PROMPT = "You answered:\n{{ answer }}\n\nThis answer cannot be used: {{ problem }}\nAnswer once more, as asked above.";
export const JSON_PROMPT = "Answer with one JSON object and nothing else: no code fence, no text before or after it. It must fit this JSON schema: {{ schema }}";

const REJECTED = ["fail", "fallback"] as const;

/** What happens to an answer of fields that does not fit or that somebody rejects, and the words that are sent then. */
export function AnswerRules({ inputs, onChange, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const id = useId();
  const output = isObject(inputs.output) ? inputs.output : {};
  if (output.type !== "fields") return null;
  const reviewed = objectsOf(output.fields).some((field) => typeof field.review_below === "number");
  const repair = typeof inputs.repair_prompt === "string" ? inputs.repair_prompt : REPAIR_PROMPT;
  const json = typeof inputs.json_prompt === "string" ? inputs.json_prompt : JSON_PROMPT;
  const rejected = inputs.when_rejected === "fallback" ? "fallback" : "fail";
  const summary = [repair.trim() === "" ? t("rules.summary.noRepair") : repair === REPAIR_PROMPT ? undefined : t("rules.summary.ownRepair"), reviewed && rejected === "fallback" ? t("rules.summary.fallback") : undefined];
  const errorAt = (name: string) => problemAt(name, true)?.message;
  return (
    <AdvancedSection title={t("rules.title")} summary={summary.filter((one) => one !== undefined)} opened={["repair_prompt", "json_prompt"].some((name) => errorAt(name))}>
      {reviewed && (
        <div className={classes.setting} data-field="when_rejected">
          <div className={classes.settingHead}>
            <span id={id}>{t("rules.rejected")}</span>
          </div>
          <SegmentedControl fullWidth aria-labelledby={id} data={REJECTED.map((value) => ({ value, label: t(`rules.whenRejected.${value}`) }))} value={rejected} onChange={(next) => onChange("when_rejected", next)} disabled={disabled} />
        </div>
      )}
      <div data-field="repair_prompt">
        <Textarea
          label={t("rules.repair")}
          description={t("rules.repairHelp", { answer: "{{ answer }}", problem: "{{ problem }}" })}
          autosize
          minRows={3}
          maxRows={10}
          value={repair}
          onChange={(event) => onChange("repair_prompt", event.currentTarget.value)}
          error={errorAt("repair_prompt")}
          disabled={disabled}
        />
      </div>
      <div data-field="json_prompt">
        <Textarea
          label={t("rules.json")}
          description={t("rules.jsonHelp", { schema: "{{ schema }}" })}
          autosize
          minRows={2}
          maxRows={8}
          value={json}
          onChange={(event) => onChange("json_prompt", event.currentTarget.value)}
          error={errorAt("json_prompt")}
          disabled={disabled}
        />
      </div>
    </AdvancedSection>
  );
}
