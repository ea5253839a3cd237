import { MultiSelect, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import { isObject, type Json } from "@/api/json";
import { useSession } from "@/api/session";
import { groupedOptions } from "@/ui/filter-builder/fields";
import { PropertySelect } from "@/ui/filter-builder/PropertySelect";
import type { WidgetProps } from "@/ui/schema-form/widget";
import { useRecordFields } from "./record-fields";

const textsOf = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);
const ORDER = ["label", "input", "error", "description"] as ("label" | "input" | "error" | "description")[];

/** One property of the record; of a step that writes to it only those that can be written. */
export function PropertyWidget({ field, label, description, value, onChange, error, disabled }: WidgetProps) {
  const { fields, definitions } = useRecordFields();
  const locked = new Set(definitions.filter((one) => one.modificationMetadata.readOnlyValue).map((one) => one.name));
  const shown = field.schema.writable === true ? fields.filter((one) => !locked.has(one.name)) : fields;
  return (
    <PropertySelect
      fields={shown}
      value={typeof value === "string" ? value : ""}
      onChange={(chosen) => onChange(chosen.name)}
      label={label}
      description={description}
      error={error}
      disabled={disabled}
    />
  );
}

/** Several properties of the record. */
export function PropertiesWidget({ field, label, description, value, onChange, error, disabled }: WidgetProps) {
  const { t } = useTranslation("forms");
  const { fields } = useRecordFields();
  const chosen = textsOf(value);
  const owners = fields.filter((one) => one.name.endsWith("owner_id"));
  const shown = field.schema.of_owners === true && owners.length > 0 ? owners : fields;
  const known = new Set(shown.map((one) => one.name));
  const strays = chosen.filter((name) => !known.has(name)).map((name) => ({ value: name, label: name }));
  return (
    <MultiSelect
      label={label}
      description={description}
      inputWrapperOrder={ORDER}
      placeholder={chosen.length > 0 ? undefined : t("properties.choose")}
      data={[...groupedOptions(shown), ...(strays.length > 0 ? [{ group: t("properties.missing"), items: strays }] : [])]}
      value={chosen}
      onChange={(next) => onChange(next.length === 0 && field.nullable ? null : next)}
      error={error}
      disabled={disabled}
      searchable
      limit={80}
      hidePickedOptions
      nothingFoundMessage={t("properties.noneFound")}
    />
  );
}

/** People of the workspace, by name. */
export function UsersWidget({ label, description, value, onChange, error, disabled }: WidgetProps) {
  const { t } = useTranslation("forms");
  const { may } = useSession();
  const { data: users = [] } = useQuery({
    queryKey: ["users"],
    queryFn: async () => (await call(api.GET("/penstock/v1/users"))).results,
    enabled: may("users.read"),
  });
  const chosen = textsOf(value);
  const active = users.filter((user) => user.deactivatedAt === null || chosen.includes(user.id));
  const data = active.map((user) => ({ value: user.id, label: [user.firstName, user.lastName].filter(Boolean).join(" ") || user.email }));
  const strays = chosen.filter((id) => !data.some((one) => one.value === id)).map((id) => ({ value: id, label: t("users.gone", { id }) }));
  return (
    <MultiSelect
      label={label}
      description={description}
      inputWrapperOrder={ORDER}
      placeholder={chosen.length > 0 ? undefined : t("users.choose")}
      data={[...data, ...strays]}
      value={chosen}
      onChange={(next) => onChange(next)}
      error={error}
      disabled={disabled}
      searchable
      hidePickedOptions
      nothingFoundMessage={t("users.noneFound")}
    />
  );
}

/** A stored secret, by name; its value is never here. */
export function SecretWidget({ label, description, value, onChange, error, disabled }: WidgetProps) {
  const { t } = useTranslation("forms");
  const { may } = useSession();
  const { data: secrets = [] } = useQuery({
    queryKey: ["secrets"],
    queryFn: async () => (await call(api.GET("/penstock/v1/secrets"))).results,
    enabled: may("secrets.read"),
  });
  const chosen = typeof value === "string" ? value : "";
  const names = secrets.map((secret) => secret.name);
  return (
    <Select
      label={label}
      description={description}
      inputWrapperOrder={ORDER}
      placeholder={t("secret.choose")}
      data={chosen && !names.includes(chosen) ? [...names, chosen] : names}
      value={chosen || null}
      onChange={(next) => onChange(next ?? "")}
      error={error}
      disabled={disabled}
      searchable
      nothingFoundMessage={t("secret.none")}
    />
  );
}

/** A time of day on a 24-hour clock, or none. */
export function TimeOfDayWidget({ label, description, value, onChange, error, disabled }: WidgetProps) {
  const two = (part: Json | undefined) => String(typeof part === "number" ? part : 0).padStart(2, "0");
  return (
    <TextInput
      type="time"
      label={label}
      description={description}
      inputWrapperOrder={ORDER}
      value={isObject(value) ? `${two(value.hour)}:${two(value.minute)}` : ""}
      onChange={(event) => {
        const [hour, minute] = event.currentTarget.value.split(":").map(Number);
        onChange(hour === undefined || Number.isNaN(hour) ? null : { ...(isObject(value) ? value : {}), hour, minute: minute ?? 0 });
      }}
      error={error}
      disabled={disabled}
    />
  );
}
