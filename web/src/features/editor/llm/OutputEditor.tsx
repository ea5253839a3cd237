import { Button, Input, SegmentedControl, Stack } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isObject, type Json, type JsonObject, objectsOf } from "@/api/json";
import { PlusIcon } from "@/design/icons";
import type { ProblemAt } from "@/ui/schema-form/widget";
import { DoubtSettings } from "./DoubtSettings";
import { FieldCard } from "./FieldCard";
import { nameFrom, type OutputKind, outputKind, withKind } from "./fields";
import { OptionsEditor } from "./OptionsEditor";

interface Props {
  value: Json | undefined;
  onChange: (next: JsonObject, path: string) => void;
  problemAt: ProblemAt;
  disabled: boolean;
}

const KINDS: readonly OutputKind[] = ["text", "list", "fields"];

/** What the answer is: text, one of a list, or fields that later steps use one by one. */
export function OutputEditor({ value, onChange, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const id = useId();
  // Somebody who builds fields may have one choice among them for a while; that does not make it a list.
  const [wantsFields, setWantsFields] = useState(false);
  const read = outputKind(value);
  const kind = read === "list" && wantsFields ? "fields" : read;
  const output: JsonObject = isObject(value) ? value : { type: "text" };
  const fields = kind === "text" ? [] : objectsOf(output.fields);
  const setFields = (next: JsonObject[], path: string) => onChange({ ...output, fields: next }, path);
  const names = fields.map((field) => String(field.name ?? ""));

  return (
    <Stack gap="sm" data-field="output">
      <Input.Wrapper label={t("output.title")} labelElement="div" id={id} labelProps={{ id: `${id}-label` }}>
        <SegmentedControl
          fullWidth
          mt={4}
          aria-labelledby={`${id}-label`}
          data={KINDS.map((one) => ({ value: one, label: t(`output.kind.${one}`) }))}
          value={kind}
          onChange={(next) => {
            setWantsFields(next === "fields");
            onChange(withKind(value, next as OutputKind, t("output.answer")), "output.type");
          }}
          disabled={disabled}
        />
      </Input.Wrapper>
      {kind === "list" && fields[0] && (
        <>
          <OptionsEditor field={fields[0]} onChange={(field) => setFields([field], "output.fields[0].options")} problem={problemAt("output.fields[0].options", true)?.message ?? problemAt("output.fields[0].options_from_property", true)?.message} disabled={disabled} />
          <DoubtSettings field={fields[0]} onChange={(field, part) => setFields([field], `output.fields[0].${part}`)} path="output.fields[0]" problemAt={problemAt} disabled={disabled} />
        </>
      )}
      {kind === "fields" && (
        <>
          {fields.map((field, index) => (
            <FieldCard
              // A declared field is known by its place; its name changes while it is typed.
              key={index}
              number={index + 1}
              field={field}
              otherNames={names.filter((_, at) => at !== index)}
              onChange={(next, part) => setFields(fields.with(index, next), `output.fields[${index}].${part}`)}
              onRemove={fields.length > 1 ? () => setFields(fields.toSpliced(index, 1), "output.fields") : undefined}
              path={`output.fields[${index}]`}
              problemAt={problemAt}
              disabled={disabled}
            />
          ))}
          {!disabled && (
            <div>
              <Button
                variant="subtle"
                leftSection={<PlusIcon size={14} />}
                onClick={() => setFields([...fields, { name: nameFrom(t("output.newField"), names), label: "", type: "text", required: true }], "output.fields")}
              >
                {t("output.addField")}
              </Button>
            </div>
          )}
        </>
      )}
    </Stack>
  );
}
