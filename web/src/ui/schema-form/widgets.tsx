import { Input, MultiSelect, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { isObject, type Json } from "@/api/json";
import { ListWidget, GroupWidget, VariantsWidget } from "./nested-widgets";
import classes from "./SchemaForm.module.css";
import { choicesOf, resolved, typesOf } from "./schema";
import { useFormWorld, type WidgetProps, type Widgets } from "./widget";

const textOf = (value: Json | undefined): string => (value === undefined || value === null || typeof value === "object" ? "" : String(value));

const shared = ({ label, description, error, disabled, field }: WidgetProps) => ({
  label,
  description,
  error,
  disabled,
  placeholder: field.placeholder,
  inputWrapperOrder: ["label", "input", "error", "description"] as ("label" | "input" | "error" | "description")[],
});

/** An emptied field is null where null is allowed, else an empty text. */
const emptied = ({ field }: WidgetProps): Json => (field.nullable ? null : "");

function TextWidget(props: WidgetProps) {
  return <TextInput {...shared(props)} value={textOf(props.value)} onChange={(event) => props.onChange(event.currentTarget.value || emptied(props))} autoComplete="off" />;
}

function TextareaWidget(props: WidgetProps) {
  return <Textarea {...shared(props)} value={textOf(props.value)} onChange={(event) => props.onChange(event.currentTarget.value || emptied(props))} maxRows={16} />;
}

function NumberWidget(props: WidgetProps) {
  const { field, value, onChange } = props;
  const types = typesOf(field.schema);
  const asText = types.includes("string");
  const limit = (name: string) => (typeof field.schema[name] === "number" ? (field.schema[name] as number) : undefined);
  return (
    <NumberInput
      {...shared(props)}
      value={textOf(value)}
      onChange={(next) => onChange(next === "" ? (field.nullable ? null : asText ? "" : undefined) : asText ? String(next) : Number(next))}
      allowDecimal={!types.includes("integer") || types.includes("number")}
      min={limit("minimum")}
      max={limit("maximum")}
      clampBehavior="none"
    />
  );
}

function SelectWidget(props: WidgetProps) {
  const { words } = useFormWorld();
  const { field, value, onChange } = props;
  return (
    <Select
      {...shared(props)}
      data={choicesOf(field.schema).map((choice) => ({ value: choice, label: words.choice(field, choice) }))}
      value={textOf(value ?? field.default) || null}
      onChange={(next) => onChange(next)}
      clearable={field.nullable}
    />
  );
}

function MultiSelectWidget(props: WidgetProps) {
  const { words } = useFormWorld();
  const { field, value, onChange } = props;
  const items = isObject(field.schema.items) ? resolved(field.schema.items, field.root) : {};
  return (
    <MultiSelect
      {...shared(props)}
      data={choicesOf(items).map((choice) => ({ value: choice, label: words.choice(field, choice) }))}
      value={Array.isArray(value) ? value.map(String) : []}
      onChange={(next) => onChange(next)}
    />
  );
}

function TextsWidget(props: WidgetProps) {
  const { field, value, onChange } = props;
  return <TagsInput {...shared(props)} value={Array.isArray(value) ? value.map(String) : []} onChange={(next) => onChange(next.length === 0 && field.nullable ? null : next)} acceptValueOnBlur />;
}

function SwitchWidget({ label, description, error, disabled, value, field, onChange }: WidgetProps) {
  return <Switch label={label} description={description} error={error} disabled={disabled} checked={(value ?? field.default) === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
}

/** What no widget understands: shown as it is, kept as it is. */
function RawWidget({ label, description, value, error }: WidgetProps) {
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <pre className={classes.raw}>{JSON.stringify(value ?? null, null, 2)}</pre>
    </Input.Wrapper>
  );
}

/** Widgets that know nothing of workflows, by control. */
export const plainWidgets: Widgets = {
  text: TextWidget,
  url: TextWidget,
  textarea: TextareaWidget,
  html: TextareaWidget,
  json_text: TextareaWidget,
  number: NumberWidget,
  select: SelectWidget,
  multiselect: MultiSelectWidget,
  texts: TextsWidget,
  emails: TextsWidget,
  switch: SwitchWidget,
  group: GroupWidget,
  list: ListWidget,
  variants: VariantsWidget,
  json: RawWidget,
};
