import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Json, JsonObject } from "@/api/json";
import { useFormats } from "@/i18n/format";
import type { ProblemAt } from "@/ui/schema-form/widget";
import classes from "../panel/forms/forms.module.css";
import { segmentsOf, useStepPreview } from "../panel/forms/previews";
import { useRecordFields } from "../panel/forms/record-fields";
import { TokenScopeContext } from "../prompt/token-scope";
import { TokenField } from "../prompt/TokenField";
import { estimateTokens } from "../prompt/tokens";
import { AdvancedOptions } from "./AdvancedOptions";
import { AnswerRules } from "./AnswerRules";
import { ConnectionSelect } from "./ConnectionSelect";
import { FailureSection } from "./failing/FailureSection";
import { readFields } from "./fields";
import { KnowledgeSettings } from "./KnowledgeSettings";
import { useKnowledgeScope } from "./knowledge-scope";
import { modelsQuery } from "./models";
import { ModelSelect } from "./ModelSelect";
import { OutputEditor } from "./OutputEditor";
import { PromptPreview } from "./PromptPreview";
import { PromptRules } from "./PromptRules";
import { priceOf } from "./refusals";
import { RetiringModel } from "./RetiringModel";
import { SearchSettings } from "./SearchSettings";
import { TestStep } from "./TestStep";

interface Props {
  actionId: string;
  inputs: JsonObject;
  onChange: (next: JsonObject, path: string) => void;
  problemAt: ProblemAt;
  disabled: boolean;
}

/** Tokens that an answer is reckoned with where nothing limits it. */
const USUAL_ANSWER = 200;

/** The form of *Use a custom LLM*: which model is asked what, what the answer is, and a box to try it. */
export function LlmForm({ actionId, inputs, onChange, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const { objectType } = useRecordFields();
  const fields = readFields(inputs);
  const { data: models } = useQuery(modelsQuery(fields.connectionId));
  const model = models?.find((one) => one.id === fields.model);
  const { preview, record } = useStepPreview(actionId);
  const scope = useKnowledgeScope(fields.knowledge.length > 0);
  const set = (name: string, value: Json) => onChange({ ...inputs, [name]: value }, name);
  const errorAt = (name: string) => problemAt(name, true)?.message;
  const warning = (name: string) => {
    const problem = problemAt(name, true);
    return problem?.severity === "warning" ? problem.message : undefined;
  };
  const hardError = (name: string) => (problemAt(name, true)?.severity === "error" ? errorAt(name) : undefined);

  return (
    <div className={classes.form}>
      <div data-field="connection_id">
        <ConnectionSelect
          value={fields.connectionId}
          provider={fields.provider}
          onChange={({ id, provider, moved }) =>
            // Another provider has other models; the same one keeps the chosen model.
            onChange({ ...inputs, connection_id: id, provider, ...(moved ? { model: "" } : {}) }, "connection_id")
          }
          error={hardError("connection_id")}
          disabled={disabled}
        />
      </div>
      <div data-field="model">
        <ModelSelect connectionId={fields.connectionId} value={fields.model} onChange={(next) => set("model", next)} error={hardError("model")} disabled={disabled} />
        {model && <RetiringModel model={model} connectionId={fields.connectionId} disabled={disabled} />}
      </div>
      <TokenScopeContext value={scope}>
        <div data-field="prompt">
          <TokenField
            label={t("llm.prompt")}
            placeholder={t("llm.promptPlaceholder")}
            value={fields.prompt}
            onChange={(text) => set("prompt", text)}
            error={hardError("prompt")}
            rows={8}
            disabled={disabled}
            fences
            footer={<PromptCost fields={fields} inputTokens={preview?.inputTokens ?? null} costUsd={preview?.costUsd ?? null} price={priceOf(model, preview?.inputTokens ?? estimateTokens(fields.prompt + fields.system), fields.maxOutputTokens ?? USUAL_ANSWER)} />}
          />
          <Warning text={warning("prompt")} />
          <PromptPreview objectType={objectType} record={record} segments={segmentsOf(preview, "prompt")} preview={preview} />
        </div>
        <div data-field="system_prompt">
          <TokenField label={t("llm.system")} placeholder={t("llm.systemPlaceholder")} value={fields.system} onChange={(text) => set("system_prompt", text)} error={hardError("system_prompt")} rows={2} disabled={disabled} />
          <Warning text={warning("system_prompt")} />
        </div>
      </TokenScopeContext>
      <KnowledgeSettings fields={fields} onChange={set} problemAt={problemAt} disabled={disabled} />
      <SearchSettings fields={fields} model={model} onChange={set} problemAt={problemAt} disabled={disabled} />
      <OutputEditor value={inputs.output} onChange={(output, path) => onChange({ ...inputs, output }, path)} problemAt={problemAt} disabled={disabled} />
      {model && (!model.structured || (fields.webSearch && !model.structuredSearch)) && inputs.output !== undefined && JSON.stringify(inputs.output).includes('"type":"fields"') && <p className={classes.summary}>{model.structured ? t("search.inWords") : model.structuredNote || t("refusal.structured")}</p>}
      <AnswerRules inputs={inputs} onChange={set} problemAt={problemAt} disabled={disabled} />
      <TokenScopeContext value={scope}>
        <PromptRules inputs={inputs} onChange={set} problemAt={problemAt} disabled={disabled} />
      </TokenScopeContext>
      <AdvancedOptions fields={fields} model={model} onChange={set} problemAt={problemAt} disabled={disabled} />
      <FailureSection actionId={actionId} inputs={inputs} onChange={onChange} problemAt={problemAt} disabled={disabled} />
      <TestStep actionId={actionId} objectType={objectType} />
    </div>
  );
}

function Warning({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <div className={classes.warning} role="note">
      {text}
    </div>
  );
}

interface CostProps {
  fields: { prompt: string; system: string };
  /** For the sample record, as the server counts them. */
  inputTokens: number | null;
  costUsd: string | number | null;
  price: number | undefined;
}

/** Tokens and price of one call: for the sample record when there is one, else of the text alone. */
function PromptCost({ fields, inputTokens, costUsd, price }: CostProps) {
  const { t } = useTranslation("forms");
  const formats = useFormats();
  const usd = costUsd === null ? price : Number(costUsd);
  const tokens = inputTokens ?? estimateTokens(fields.prompt + fields.system);
  return (
    <>
      <span>{inputTokens === null ? t("llm.tokensBefore", { shown: formats.number(tokens), count: tokens }) : t("llm.tokens", { shown: formats.number(tokens), count: tokens })}</span>
      {usd !== undefined && <span>{usd === 0 ? t("llm.free") : t("llm.pricePerRecord", { price: formats.money(usd) })}</span>}
    </>
  );
}
