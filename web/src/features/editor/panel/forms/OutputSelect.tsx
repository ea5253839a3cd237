import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { offered } from "./earlier-outputs";
import { useStepForm } from "./step-form-context";

interface Props {
  label: string;
  actionId: string;
  output: string;
  onChange: (actionId: string, output: string) => void;
  error?: ReactNode;
  disabled?: boolean;
}

/** An output of a step that can have run before this one. */
export function OutputSelect({ label, actionId, output, onChange, error, disabled }: Props) {
  const { t } = useTranslation("forms");
  const { steps } = useStepForm();
  const data = steps.map((step) => ({
    group: step.title,
    items: offered(step).map((one) => ({ value: `${step.actionId} ${one.name}`, label: t("token.outputOf", { output: one.label, step: step.title }) })),
  }));
  const chosen = actionId && output ? `${actionId} ${output}` : null;
  const known = steps.some((step) => step.actionId === actionId && step.outputs.some((one) => one.name === output));
  if (chosen && !known) data.push({ group: t("output.gone"), items: [{ value: chosen, label: output }] });
  return (
    <Select
      aria-label={label}
      placeholder={data.length > 0 ? t("output.choose") : t("output.none")}
      data={data}
      value={chosen}
      onChange={(next) => {
        const [id = "", ...name] = (next ?? "").split(" ");
        onChange(id, name.join(" "));
      }}
      error={error}
      disabled={disabled}
      searchable
      nothingFoundMessage={t("output.noneFound")}
    />
  );
}
