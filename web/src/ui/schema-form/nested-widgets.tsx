import { ActionIcon, Button, Input, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isObject, type Json, type JsonObject, objectsOf } from "@/api/json";
import { CloseIcon, PlusIcon } from "@/design/icons";
import { Fields } from "./Fields";
import { fieldsOf, objectVariants, resolved, startingValue } from "./schema";
import classes from "./SchemaForm.module.css";
import { plainWords, useFormWorld, type WidgetProps } from "./widget";

const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** An object inside the form. */
export function GroupWidget({ field, label, description, value, onChange, path, error }: WidgetProps) {
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <div className={classes.parts}>
        <Fields fields={fieldsOf(field.schema, field.root)} value={objectOf(value)} onChange={(next) => onChange(next)} path={path} />
      </div>
    </Input.Wrapper>
  );
}

/** A list of objects, a box each. */
export function ListWidget({ field, label, description, value, onChange, path, error, disabled }: WidgetProps) {
  const { t } = useTranslation("forms");
  const items = objectsOf(value);
  const schema = isObject(field.schema.items) ? resolved(field.schema.items, field.root) : {};
  const fields = fieldsOf(schema, field.root);
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <div className={classes.parts}>
        {items.map((item, index) => (
          // The position is all that tells the entries of a document apart.
          <div key={index} className={classes.part} role="group" aria-label={t("list.entry", { list: label, number: index + 1 })}>
            <div className={classes.partHead}>
              <span>{index + 1}</span>
              {!disabled && (
                <ActionIcon size="sm" aria-label={t("list.remove", { list: label, number: index + 1 })} onClick={() => onChange(items.toSpliced(index, 1))}>
                  <CloseIcon size={14} />
                </ActionIcon>
              )}
            </div>
            <Fields fields={fields} value={item} onChange={(next) => onChange(items.with(index, next))} path={`${path}[${index}]`} />
          </div>
        ))}
        {!disabled && (
          <div>
            <Button variant="subtle" size="compact-xs" leftSection={<PlusIcon size={14} />} onClick={() => onChange([...items, startingValue(schema)])} aria-label={t("list.addTo", { list: label })}>
              {t("list.add")}
            </Button>
          </div>
        )}
      </div>
    </Input.Wrapper>
  );
}

/** One of several kinds of object, told apart by their `type`. */
export function VariantsWidget({ field, label, description, value, onChange, path, error, disabled }: WidgetProps) {
  const { t } = useTranslation("forms");
  const { words } = useFormWorld();
  const variants = objectVariants(field.schema, field.root);
  const chosen = isObject(value) ? String(value.type ?? "") : "";
  const variant = variants.find((one) => one.type === chosen);
  const wordFor = (type: string) => words.choice(field, type) || plainWords(type);
  const data = variants.map(({ type }) => ({ value: type, label: wordFor(type) }));
  return (
    <div>
      <Select
        label={label}
        description={description}
        error={error}
        disabled={disabled}
        inputWrapperOrder={["label", "input", "error", "description"]}
        data={field.nullable ? [{ value: "", label: t("variants.none") }, ...data] : data}
        value={chosen}
        onChange={(type) => {
          const next = variants.find((one) => one.type === type);
          onChange(next ? { ...startingValue(next.schema), type: next.type } : null);
        }}
      />
      {variant && fieldsOf(variant.schema, field.root).length > 0 && (
        <div className={`${classes.part} ${classes.variant}`} role="group" aria-label={wordFor(chosen)}>
          <Fields fields={fieldsOf(variant.schema, field.root)} value={objectOf(value)} onChange={(next) => onChange(next)} path={path} />
        </div>
      )}
    </div>
  );
}
