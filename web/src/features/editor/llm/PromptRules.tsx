import { Checkbox, NumberInput, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Json, JsonObject } from "@/api/json";
import { useFormats } from "@/i18n/format";
import { AdvancedSection } from "@/ui/schema-form/AdvancedSection";
import type { ProblemAt } from "@/ui/schema-form/widget";
import { useTokenScope } from "../prompt/token-scope";
import { findTokens } from "../prompt/tokens";
import classes from "./llm.module.css";

interface Props {
  inputs: JsonObject;
  onChange: (name: string, value: Json) => void;
  problemAt: ProblemAt;
  disabled: boolean;
}

const TOO_LONG = ["fail", "cut_longest", "cut_token"] as const;
/** How long an answer may be reused, in seconds: an hour, a day, a week, thirty days. */
const TIMES = [3600, 86_400, 604_800, 2_592_000] as const;

const numberOf = (value: Json | undefined): number | null => (value === null || value === undefined || value === "" || Number.isNaN(Number(value)) ? null : Number(value));

/** How large a prompt may become, what is cut then, and whether an equal question is paid for again. */
export function PromptRules({ inputs, onChange, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const formats = useFormats();
  const scope = useTokenScope();
  const rule = TOO_LONG.find((one) => one === inputs.when_too_long) ?? "fail";
  const most = numberOf(inputs.max_prompt_tokens);
  const reuse = numberOf(inputs.reuse_seconds);
  const paths = [...new Set(findTokens(typeof inputs.prompt === "string" ? inputs.prompt : "").map((token) => token.path))];
  const chosen = typeof inputs.cut_token === "string" ? inputs.cut_token : null;
  const timeOf = (seconds: number) => t(`promptRules.time.${seconds}`, { defaultValue: formats.duration(seconds) });
  const errorAt = (name: string) => problemAt(name, true)?.message;
  const times: readonly number[] = reuse === null || (TIMES as readonly number[]).includes(reuse) ? TIMES : [...TIMES, reuse];
  const summary = [
    rule === "fail" ? undefined : t(`promptRules.summary.${rule}`),
    most === null ? undefined : t("promptRules.summary.most", { shown: formats.number(most) }),
    reuse === null ? undefined : t("promptRules.summary.reuse", { time: timeOf(reuse) }),
  ];
  return (
    <AdvancedSection title={t("promptRules.title")} summary={summary.filter((one) => one !== undefined)} opened={["cut_token", "max_prompt_tokens", "reuse_seconds"].some((name) => errorAt(name))}>
      <div className={classes.pair}>
        <div data-field="when_too_long">
          <Select label={t("promptRules.tooLong")} data={TOO_LONG.map((value) => ({ value, label: t(`promptRules.rule.${value}`) }))} value={rule} onChange={(next) => onChange("when_too_long", next)} allowDeselect={false} disabled={disabled} />
        </div>
        <div data-field="max_prompt_tokens">
          <NumberInput
            label={t("promptRules.most")}
            placeholder={t("promptRules.modelsOwn")}
            value={most ?? ""}
            onChange={(next) => onChange("max_prompt_tokens", next === "" ? null : Number(next))}
            min={1}
            clampBehavior="none"
            allowDecimal={false}
            allowNegative={false}
            thousandSeparator=","
            error={errorAt("max_prompt_tokens")}
            disabled={disabled}
          />
        </div>
      </div>
      {rule === "cut_token" && (
        <div data-field="cut_token">
          <Select
            label={t("promptRules.cut")}
            placeholder={t("promptRules.chooseCut")}
            data={[...new Set([...paths, ...(chosen ? [chosen] : [])])].map((path) => ({ value: path, label: scope.find(path)?.label ?? path }))}
            value={chosen}
            onChange={(next) => onChange("cut_token", next)}
            error={errorAt("cut_token")}
            disabled={disabled}
          />
        </div>
      )}
      <div data-field="reuse_seconds">
        <Select
          label={t("promptRules.reuse")}
          description={t("promptRules.reuseHelp")}
          data={[{ value: "", label: t("promptRules.never") }, ...times.map((seconds) => ({ value: String(seconds), label: timeOf(seconds) }))]}
          value={reuse === null ? "" : String(reuse)}
          onChange={(next) => onChange("reuse_seconds", next ? Number(next) : null)}
          allowDeselect={false}
          error={errorAt("reuse_seconds")}
          disabled={disabled}
        />
      </div>
      <div data-field="cache_instructions">
        <Checkbox label={t("promptRules.cache")} description={t("promptRules.cacheHelp")} checked={inputs.cache_instructions !== false} onChange={(event) => onChange("cache_instructions", event.currentTarget.checked)} disabled={disabled} />
      </div>
    </AdvancedSection>
  );
}
