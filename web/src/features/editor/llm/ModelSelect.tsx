import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/i18n/format";
import classes from "./llm.module.css";
import { modelsQuery } from "./models";
import { isRetired, type Model } from "./refusals";

interface Props {
  connectionId: string;
  value: string;
  onChange: (model: string) => void;
  error?: ReactNode;
  disabled: boolean;
}

/** The models that the chosen account can use, as its provider lists them. Another id can be typed. */
export function ModelSelect({ connectionId, value, onChange, error, disabled }: Props) {
  const { t } = useTranslation("forms");
  const { data: models, error: failed, isFetching, refetch } = useQuery(modelsQuery(connectionId));
  const gone = failed !== null && asProblem(failed).status === 404; // an uninstalled account, of which the field above speaks
  const [typed, setTyped] = useState("");
  const now = useMemo(() => Date.now(), [models]);
  const sorted = useMemo(() => [...(models ?? [])].sort((left, right) => Number(isRetired(left, now)) - Number(isRetired(right, now))), [models, now]);
  const known = new Set(sorted.map((model) => model.id));
  const data = sorted.map((model) => ({ value: model.id, label: model.label }));
  if (value && !known.has(value)) data.unshift({ value, label: value });
  const own = typed.trim();
  if (own && !known.has(own) && own !== value && !data.some((one) => one.label === own)) data.push({ value: own, label: t("llm.useTyped", { id: own }) });

  return (
    <div>
      <Select
        label={t("llm.model")}
        placeholder={connectionId === "" ? t("llm.chooseProviderFirst") : isFetching && !models ? t("llm.loadingModels") : t("llm.chooseModel")}
        data={data}
        value={value || null}
        onChange={(next) => onChange(next ?? "")}
        onSearchChange={setTyped}
        searchable
        filter={({ options, search }) => {
          const words = search.trim().toLowerCase();
          const shown = data.find((one) => one.value === value)?.label.toLowerCase();
          if (words === "" || words === shown) return options;
          return options.filter((option) => "value" in option && `${option.label} ${option.value}`.toLowerCase().includes(words));
        }}
        renderOption={({ option }) => <ModelOption label={option.label} model={sorted.find((one) => one.id === option.value)} now={now} />}
        nothingFoundMessage={t("llm.noModel")}
        error={error}
        disabled={disabled || connectionId === ""}
        maxDropdownHeight={340}
      />
      {failed !== null && !gone && connectionId !== "" && (
        <p className={classes.failed} role="alert">
          {t("llm.modelsFailed", { detail: asProblem(failed).message || t("ui:error.unreachable") })}{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => void refetch()}>
            {t("ui:action.retry")}
          </Button>
        </p>
      )}
    </div>
  );
}

function ModelOption({ label, model, now }: { label: string; model: Model | undefined; now: number }) {
  const { t } = useTranslation("forms");
  const formats = useFormats();
  if (!model) return <span className={classes.optionName}>{label}</span>;
  const retired = isRetired(model, now);
  const facts = [
    model.inputUsdPerMtok !== null && model.outputUsdPerMtok !== null
      ? t("llm.price", { input: formats.money(model.inputUsdPerMtok), output: formats.money(model.outputUsdPerMtok) })
      : undefined,
    model.contextTokens !== null ? t("llm.context", { size: compact(model.contextTokens) }) : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <span className={classes.model} data-retired={retired || undefined}>
      <span className={classes.modelName}>
        {label}
        {model.retiresAt !== null && <span className={classes.retires}>{retired ? t("llm.retired") : t("llm.retires", { day: formats.day(model.retiresAt) })}</span>}
      </span>
      <span className={classes.optionNote}>{facts.length > 0 ? facts.join(" · ") : model.id}</span>
    </span>
  );
}

/** 128000 -> 128k, 1048576 -> 1M */
function compact(tokens: number): string {
  return tokens >= 1_000_000 ? `${Math.round(tokens / 100_000) / 10}M` : `${Math.round(tokens / 1000)}k`;
}
