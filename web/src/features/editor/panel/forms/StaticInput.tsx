import { MultiSelect, Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { JsonObject } from "@/api/json";
import { DayInput } from "@/ui/filter-builder/DayInput";
import type { FilterField } from "@/ui/filter-builder/fields";
import { TokenField } from "../../prompt/TokenField";
import { staticText } from "./value-modes";

interface Props {
  label: string;
  value: JsonObject;
  onChange: (next: JsonObject) => void;
  target: FilterField | undefined;
  error?: ReactNode;
  disabled: boolean;
}

/** A value that the author writes: chosen from the property's options where it has some, typed with tokens where not. */
export function StaticInput({ label, value, onChange, target, error, disabled }: Props) {
  const { t } = useTranslation("forms");
  const text = staticText(value);
  const set = (next: string) => onChange({ ...value, type: "STATIC_VALUE", staticValue: next });
  const plain = !text.includes("{{");
  if (target?.type === "enumeration" && target.options.length > 0 && plain) {
    const strays = text.split(";").filter((one) => one && !target.options.some((option) => option.value === one));
    const data = [...target.options, ...strays.map((one) => ({ value: one, label: one }))];
    if (target.multiple) {
      return <MultiSelect aria-label={label} data={data} value={text.split(";").filter(Boolean)} onChange={(next) => set(next.join(";"))} error={error} disabled={disabled} searchable placeholder={text ? undefined : t("value.chooseOption")} />;
    }
    return <Select aria-label={label} data={data} value={text || null} onChange={(next) => set(next ?? "")} error={error} disabled={disabled} searchable clearable placeholder={t("value.chooseOption")} limit={100} />;
  }
  if (target?.type === "bool" && plain) {
    return (
      <Select
        aria-label={label}
        data={[
          { value: "true", label: t("value.yes") },
          { value: "false", label: t("value.no") },
        ]}
        value={text || null}
        onChange={(next) => set(next ?? "")}
        error={error}
        disabled={disabled}
        clearable
        placeholder={t("value.chooseOption")}
      />
    );
  }
  if (target?.type === "date" && plain) return <DayInput label={label} value={text} onChange={set} error={error} disabled={disabled} />;
  const long = target === undefined || target.type === "string";
  return <TokenField label={label} hideLabel value={text} onChange={set} singleLine={!long} rows={2} error={error} disabled={disabled} />;
}
