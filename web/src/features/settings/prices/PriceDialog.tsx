import { Autocomplete, Button, Modal, NumberInput, Select, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { PROVIDERS, providerTitle } from "@/features/connect/providers";
import { modelsQuery } from "@/features/editor/llm/models";
import { connectedAppsQuery } from "@/features/settings/connected-apps/queries";
import { useFormats } from "@/i18n/format";
import { DialogFooter } from "@/ui/DialogFooter";
import { say } from "@/ui/toast";
import classes from "./prices.module.css";
import { listedPriceQuery, type OwnPrice, useSetPrice } from "./queries";

interface Props {
  /** The price to change; undefined states a new one. */
  price: OwnPrice | undefined;
  /** Whose a new one is to be, as `openai/gpt-4.1`; `new` where that is not known. */
  wanted: string;
  onClose: () => void;
}

type Amount = number | string;
const FIELDS = ["inputUsd", "outputUsd", "cachedInputUsd"] as const;
const DEAREST = 1_000_000;
const numberOf = (text: string | null | undefined): Amount => (text === null || text === undefined ? "" : Number(text));

/** States what a model costs, or changes it; the list's price stands beneath. */
export function PriceDialog({ price, wanted, onClose }: Props) {
  const { t } = useTranslation("prices");
  const slash = wanted.indexOf("/");
  const [provider, setProvider] = useState(price?.provider ?? (slash < 0 ? "" : wanted.slice(0, slash)));
  const [model, setModel] = useState(price?.model ?? (slash < 0 ? "" : wanted.slice(slash + 1)));
  const [amounts, setAmounts] = useState<Record<(typeof FIELDS)[number], Amount>>({
    inputUsd: numberOf(price?.inputUsd),
    outputUsd: numberOf(price?.outputUsd),
    cachedInputUsd: numberOf(price?.cachedInputUsd),
  });
  const [percent, setPercent] = useState<Amount>(price?.batchFactor ? percentOf(price.batchFactor) : "");
  const save = useSetPrice();
  const problem = save.error ? asProblem(save.error) : undefined;
  const inBatches = PROVIDERS_WITH_BATCHES.has(provider);
  const out = (value: Amount) => value !== "" && !(Number(value) >= 0 && Number(value) <= DEAREST);
  const badPercent = percent !== "" && !(Number(percent) > 0 && Number(percent) <= 100);
  const ready = provider !== "" && model.trim() !== "" && amounts.inputUsd !== "" && amounts.outputUsd !== "" && !FIELDS.some((name) => out(amounts[name])) && !badPercent;

  const submit = () =>
    save.mutate(
      {
        provider,
        model: model.trim(),
        inputUsd: String(amounts.inputUsd),
        outputUsd: String(amounts.outputUsd),
        cachedInputUsd: amounts.cachedInputUsd === "" ? null : String(amounts.cachedInputUsd),
        batchFactor: percent === "" || !inBatches ? null : String(Number(percent) / 100),
      },
      {
        onSuccess: (made) => {
          say(t("done", { model: made.model }));
          onClose();
        },
      },
    );

  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t(price ? "changeTitle" : "newTitle")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) submit();
        }}
      >
        <Stack>
          {price ? (
            <Text size="sm">{t("of", { model: price.model, provider: providerTitle(price.provider) })}</Text>
          ) : (
            <>
              <Select
                label={t("provider")}
                placeholder={t("chooseProvider")}
                allowDeselect={false}
                data={PROVIDERS.map((one) => ({ value: one.key, label: one.title }))}
                value={provider || null}
                onChange={(next) => setProvider(next ?? "")}
                data-autofocus={provider === "" || undefined}
              />
              <ModelField provider={provider} value={model} onChange={setModel} />
            </>
          )}
          <Listed provider={provider} model={model} />
          <div className={classes.fields}>
            {FIELDS.map((name) => (
              <NumberInput
                key={name}
                label={t(`field.${name}`)}
                placeholder={name === "cachedInputUsd" ? t("asInput") : undefined}
                prefix="$"
                decimalScale={8}
                allowNegative={false}
                thousandSeparator=","
                clampBehavior="none"
                hideControls
                value={amounts[name]}
                onChange={(value) => setAmounts({ ...amounts, [name]: value })}
                error={problem?.about(name) ?? (out(amounts[name]) && t("tooMuch"))}
                data-autofocus={(name === "inputUsd" && (price !== undefined || provider !== "")) || undefined}
              />
            ))}
            {inBatches && (
              <NumberInput
                label={t("field.batchFactor")}
                placeholder={t("asProvider")}
                suffix="%"
                decimalScale={4}
                allowNegative={false}
                clampBehavior="none"
                hideControls
                value={percent}
                onChange={setPercent}
                error={problem?.about("batchFactor") ?? (badPercent && t("badPercent"))}
              />
            )}
          </div>
          <Text size="xs" c="dimmed">
            {t("fromNow")}
          </Text>
          {problem && ![...FIELDS, "batchFactor"].some((name) => problem.about(name)) && (
            <Text size="sm" c="var(--error)" role="alert">
              {problem.message || t("ui:error.unreachableRemedy")}
            </Text>
          )}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!ready}>
              {t(price ? "saveChange" : "new")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}

const PROVIDERS_WITH_BATCHES: ReadonlySet<string> = new Set(["openai", "anthropic", "google", "xai"]);
const percentOf = (factor: string) => Number((Number(factor) * 100).toFixed(4));

/** What the list says of the model, once there is one. */
function Listed({ provider, model }: { provider: string; model: string }) {
  const { t } = useTranslation("prices");
  const formats = useFormats();
  const [sought] = useDebouncedValue(model.trim(), 250);
  const { data } = useQuery(listedPriceQuery(provider, sought));
  if (data === undefined) return null;
  const words = data && { input: formats.money(Number(data.inputUsd)), cached: formats.money(Number(data.cachedInputUsd)), output: formats.money(Number(data.outputUsd)) };
  return (
    <Text size="sm" c="dimmed" role="status">
      {words ? t("listSays", words) : t("notListed")}
    </Text>
  );
}

interface ModelProps {
  provider: string;
  value: string;
  onChange: (model: string) => void;
}

/** The models that the provider's connections list; any other id can be typed. */
function ModelField({ provider, value, onChange }: ModelProps) {
  const { t } = useTranslation("prices");
  const { data: apps = [] } = useQuery(connectedAppsQuery);
  const lists = useQueries({ queries: apps.filter((app) => app.provider === provider).map((app) => modelsQuery(app.id)) });
  const ids = [...new Set(lists.flatMap((list) => list.data?.map((model) => model.id) ?? []))].sort();
  return (
    <Autocomplete
      label={t("model")}
      description={t("modelHint")}
      inputWrapperOrder={["label", "input", "description", "error"]}
      data={ids}
      maxLength={200}
      maxDropdownHeight={280}
      value={value}
      onChange={onChange}
    />
  );
}
