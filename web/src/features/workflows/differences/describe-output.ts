import { isObject, type Json, type JsonObject, objectsOf } from "@/api/json";
import type { Lookup } from "@/features/editor/describe/describe-step";

/** What an LLM step answers with, a line a field: `Urgency: One of a list (High, Low). How urgent the ticket is`. */
export function describeOutput(output: Json, lookup: Lookup): string {
  if (Array.isArray(output)) return objectsOf(output).map((field) => fieldLine(field, lookup)).join("\n");
  if (!isObject(output)) return kindOf(output, lookup);
  const fields = objectsOf(output.fields);
  return fields.length > 0 ? describeOutput(fields, lookup) : kindOf(output.type ?? null, lookup);
}

function kindOf(type: Json, { t }: Lookup): string {
  return t(`forms:output.kind.${String(type)}`, { defaultValue: String(type) });
}

function fieldLine(field: JsonObject, lookup: Lookup): string {
  const { t } = lookup;
  const type = t(`forms:output.type.${String(field.type)}`, { defaultValue: String(field.type) });
  const named = { name: String(field.label || field.name || ""), type, options: optionsOf(field, lookup) };
  const line = t(named.options === "" ? "workflows:output.field" : "workflows:output.choice", named);
  const about = typeof field.description === "string" ? field.description : "";
  const optional = field.required === false ? t("workflows:output.optional") : "";
  return [line, about, optional].filter(Boolean).join(". ");
}

function optionsOf(field: JsonObject, { property, t }: Lookup): string {
  if (typeof field.options_from_property === "string" && field.options_from_property) return t("workflows:output.ofProperty", { property: property(field.options_from_property) });
  return objectsOf(field.options)
    .map((option) => String(option.label || option.value || ""))
    .join(", ");
}
