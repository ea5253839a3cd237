import { Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ObjectTypeName } from "@/api/object-types";
import { asProblem } from "@/api/problem";
import { objectSchemaQuery, propertiesQuery, type PropertyDefinition } from "@/api/properties";
import { say } from "@/ui/toast";
import type { Values } from "../contract";
import { useCreateRecord } from "../queries/record";
import { canEdit } from "../values/kinds";
import { ValueInput } from "../values/ValueInput";
import { defaultColumns } from "./default-columns";

interface Props {
  objectType: string;
  type: ObjectTypeName;
  onClose: () => void;
}

/** A new record: the properties that matter first, all others on demand. */
export function CreateRecordDrawer({ objectType, type, onClose }: Props) {
  const { t } = useTranslation("records");
  const navigate = useNavigate();
  const { data: properties = [] } = useQuery(propertiesQuery(objectType));
  const { data: schema } = useQuery(objectSchemaQuery(objectType));
  const [values, setValues] = useState<Record<string, string>>({});
  const [all, setAll] = useState(false);
  const create = useCreateRecord(objectType);
  const required = schema?.requiredProperties ?? [];
  const problem = create.error ? asProblem(create.error) : undefined;
  const shown = fieldsFor(type, properties, required, all);
  const fieldProblem = (name: string) => problem?.about(name) ?? (problem?.context["properties"]?.includes(name) ? problem.message : undefined);
  const besides = problem && !shown.some((property) => fieldProblem(property.name)) ? problem.message || t("ui:error.unreachableRemedy") : undefined;

  const submit = (another: boolean) => {
    const filled: Values = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
    create.mutate(filled, {
      onSuccess: (made) => {
        say(t("create.done", { type: type.singular }));
        if (another) {
          setValues({});
          create.reset();
        } else {
          void navigate({ to: "/records/$objectType/$recordId", params: { objectType, recordId: made.id } });
        }
      },
    });
  };

  return (
    <Drawer opened onClose={onClose} position="right" size={440} title={<Text fw={600}>{t("create.action", { type: type.singular.toLowerCase() })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit(false);
        }}
      >
        <Stack gap="sm">
          {shown.map((property, index) => (
            <ValueInput
              key={property.name}
              property={property}
              label={property.label}
              value={values[property.name] ?? ""}
              onChange={(value) => setValues((now) => ({ ...now, [property.name]: value }))}
              required={required.includes(property.name)}
              error={fieldProblem(property.name)}
              autoFocus={index === 0}
            />
          ))}
          {!all && (
            <Button variant="subtle" onClick={() => setAll(true)}>
              {t("create.allProperties")}
            </Button>
          )}
          {besides && (
            <Text size="sm" c="var(--error)" role="alert">
              {besides}
            </Text>
          )}
          <Group justify="flex-end" mt="sm">
            <Button variant="default" onClick={() => submit(true)} disabled={create.isPending}>
              {t("create.another")}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t("create.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

/** What names the record, what is required, and what the table shows; or everything that can be filled in. */
function fieldsFor(type: ObjectTypeName, properties: readonly PropertyDefinition[], required: readonly string[], all: boolean): PropertyDefinition[] {
  const names = new Set([...type.nameProperties, ...required, ...defaultColumns(type, properties).map((column) => column.id)]);
  const writable = new Map(properties.filter((property) => canEdit(property) && !property.hidden).map((property) => [property.name, property]));
  const first = [...names].flatMap((name) => writable.get(name) ?? []);
  if (!all) return first;
  return [...first, ...[...writable.values()].filter((property) => !names.has(property.name)).sort((one, other) => one.label.localeCompare(other.label))];
}
