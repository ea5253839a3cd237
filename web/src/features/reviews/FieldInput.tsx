import { MultiSelect, NumberInput, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { useFormats } from "@/i18n/format";
import { StatusPill } from "@/ui/StatusPill";
import type { ReviewField } from "./queries";
import classes from "./reviews.module.css";

interface Props {
  field: ReviewField;
  value: Json;
  onChange: (value: Json) => void;
  disabled: boolean;
}

/** One field of the answer, to be left or written anew, with how sure the model is of it. */
export function FieldInput({ field, value, onChange, disabled }: Props) {
  const { t } = useTranslation("reviews");
  const formats = useFormats();
  const sure = field.confidence === null ? null : formats.percent(field.confidence);
  const label = (
    <span className={classes.label}>
      {field.label}
      {sure !== null && (
        <StatusPill tone={field.doubtful ? "warning" : "neutral"}>{field.doubtful ? t("doubtful", { sure, least: formats.percent(field.threshold ?? 0) }) : t("sure", { sure })}</StatusPill>
      )}
    </span>
  );
  const common = { label, disabled, "data-doubtful": field.doubtful || undefined };
  const options = field.options.map(({ value: option, label: words }) => ({ value: option, label: words }));
  switch (field.type) {
    case "choice":
      return <Select {...common} data={options} value={textOf(value)} onChange={onChange} searchable allowDeselect={!field.required} />;
    case "choices":
      return <MultiSelect {...common} data={options} value={listOf(value)} onChange={onChange} searchable />;
    case "list":
      return <TagsInput {...common} value={listOf(value)} onChange={onChange} acceptValueOnBlur />;
    case "yes_no":
      return (
        <Select
          {...common}
          data={[
            { value: "true", label: t("yes") },
            { value: "false", label: t("no") },
          ]}
          value={value === null ? null : String(value)}
          onChange={(next) => onChange(next === null ? null : next === "true")}
          allowDeselect={!field.required}
        />
      );
    case "number":
      return <NumberInput {...common} value={typeof value === "number" ? value : ""} onChange={(next) => onChange(next === "" ? null : Number(next))} thousandSeparator="," />;
    case "date":
      return <TextInput {...common} type="date" value={textOf(value) ?? ""} onChange={(event) => onChange(event.currentTarget.value || null)} />;
    default:
      return <Textarea {...common} autosize minRows={1} maxRows={10} value={textOf(value) ?? ""} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
}

const textOf = (value: Json): string | null => (value === null ? null : String(value));
const listOf = (value: Json): string[] => (Array.isArray(value) ? value.map(String) : []);
