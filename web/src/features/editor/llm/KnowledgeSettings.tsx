import { Button, MultiSelect, NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { useSession } from "@/api/session";
import { setsQuery } from "@/features/settings/knowledge/queries";
import { AdvancedSection } from "@/ui/schema-form/AdvancedSection";
import type { ProblemAt } from "@/ui/schema-form/widget";
import { useFormats } from "@/i18n/format";
import { TokenField } from "../prompt/TokenField";
import { FENCED, findTokens, writeToken } from "../prompt/tokens";
import { DEFAULT_KNOWLEDGE_TOKENS, DEFAULT_PASSAGES, type LlmFields } from "./fields";
import { KNOWLEDGE } from "./knowledge-scope";
import classes from "./llm.module.css";

interface Props {
  fields: LlmFields;
  onChange: (name: string, value: Json) => void;
  problemAt: ProblemAt;
  disabled: boolean;
}

const MOST_PASSAGES = 20;

/** Which documents the model answers from, how their passages are found, and how many are sent. */
export function KnowledgeSettings({ fields, onChange, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const { may } = useSession();
  const { data } = useQuery(setsQuery);
  const chosen = fields.knowledge;
  const there = (data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const gone = chosen.filter((id) => !there.some(({ value }) => value === id)).map((id) => ({ value: id, label: t("knowledge.gone", { id }) }));
  const placed = findTokens(`${fields.prompt} ${fields.system}`).some(({ path }) => path === KNOWLEDGE);
  const place = () => onChange("prompt", `${fields.prompt.trimEnd()}${fields.prompt.trim() === "" ? "" : "\n\n"}${writeToken({ path: KNOWLEDGE, filters: [{ name: FENCED, args: [] }] })}`);
  return (
    <>
      <div data-field="knowledge">
        <MultiSelect
          label={t("knowledge.title")}
          description={
            there.length === 0 && data && may("knowledge.write") ? (
              <Link to="/settings/knowledge">{t("knowledge.create")}</Link>
            ) : (
              t("knowledge.help")
            )
          }
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder={chosen.length === 0 ? t("knowledge.none") : undefined}
          data={data ? [...there, ...gone] : [...chosen]}
          value={[...chosen]}
          onChange={(next) => onChange("knowledge", next)}
          searchable
          nothingFoundMessage={t("token.noneFound")}
          error={problemAt("knowledge", true)?.severity === "error" ? problemAt("knowledge", true)?.message : undefined}
          disabled={disabled}
        />
        {chosen.length > 0 && !placed && (
          <div className={classes.reason} role="note">
            {t("knowledge.noPlace")}{" "}
            {!disabled && (
              <Button variant="subtle" size="compact-xs" onClick={place}>
                {t("knowledge.place")}
              </Button>
            )}
          </div>
        )}
      </div>
      {chosen.length > 0 && <Finding fields={fields} onChange={onChange} problemAt={problemAt} disabled={disabled} />}
    </>
  );
}

/** How passages are found and how many are sent; folded, because the defaults do for most steps. */
function Finding({ fields, onChange, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const formats = useFormats();
  const errorAt = (name: string) => problemAt(name, true)?.message;
  const { knowledgeQuery, knowledgePassages, knowledgeTokens } = fields;
  const summary = [
    ...(knowledgePassages === DEFAULT_PASSAGES ? [] : [t("knowledge.summary.passages", { count: knowledgePassages })]),
    ...(knowledgeTokens === DEFAULT_KNOWLEDGE_TOKENS ? [] : [t("knowledge.summary.tokens", { shown: formats.number(knowledgeTokens) })]),
    ...(knowledgeQuery.trim() === "" ? [] : [t("knowledge.summary.query")]),
  ];
  const number = (name: string, label: string, value: number, most?: number) => (
    <div data-field={name}>
      <NumberInput
        label={label}
        value={value}
        onChange={(next) => onChange(name, next === "" ? null : Number(next))}
        min={1}
        {...(most ? { max: most } : {})}
        clampBehavior="none"
        allowDecimal={false}
        allowNegative={false}
        thousandSeparator=","
        error={errorAt(name)}
        disabled={disabled}
      />
    </div>
  );
  return (
    <AdvancedSection title={t("knowledge.finding")} summary={summary} opened={["knowledge_query", "knowledge_passages", "knowledge_tokens"].some((name) => errorAt(name))}>
      <div className={classes.pair}>
        {number("knowledge_passages", t("knowledge.passages"), knowledgePassages, MOST_PASSAGES)}
        {number("knowledge_tokens", t("knowledge.tokens"), knowledgeTokens)}
      </div>
      <div data-field="knowledge_query">
        <TokenField
          label={t("knowledge.query")}
          description={t("knowledge.queryHelp")}
          placeholder={t("knowledge.queryPlaceholder")}
          value={knowledgeQuery}
          onChange={(text) => onChange("knowledge_query", text)}
          error={errorAt("knowledge_query")}
          rows={2}
          disabled={disabled}
        />
      </div>
    </AdvancedSection>
  );
}
