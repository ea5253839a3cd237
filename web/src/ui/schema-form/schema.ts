import { isObject, type Json, type JsonObject } from "@/api/json";

/** One input of a form, as the JSON schema of an action describes it. */
export interface FieldSpec {
  name: string;
  title: string;
  description?: string;
  /** Which widget draws it: the schema's own hint, else what its type suggests. */
  control: string;
  required: boolean;
  nullable: boolean;
  default?: Json;
  /** The schema with references and "or null" resolved. */
  schema: JsonObject;
  /** The schema of the whole form, for looking up references. */
  root: JsonObject;
  advanced: boolean;
  half: boolean;
  /** Holds tokens such as `{{ enrolled_object.email }}`. */
  tokens: boolean;
  placeholder?: string;
}

const textOf = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined);

/** A schema with its `$ref` followed; what stands beside the reference wins over what it points at. */
export function resolved(schema: JsonObject, root: JsonObject): JsonObject {
  const reference = textOf(schema.$ref);
  if (!reference?.startsWith("#/$defs/")) return schema;
  const target = isObject(root.$defs) ? root.$defs[reference.slice("#/$defs/".length)] : undefined;
  const { $ref: _gone, ...beside } = schema;
  return isObject(target) ? { ...resolved(target, root), ...beside } : beside;
}

const variantsOf = (schema: JsonObject): JsonObject[] => {
  const raw = schema.anyOf ?? schema.oneOf;
  return Array.isArray(raw) ? raw.filter(isObject) : [];
};

/** The schema without its "or null", and whether it had one. */
function withoutNull(schema: JsonObject, root: JsonObject): { schema: JsonObject; nullable: boolean } {
  const variants = variantsOf(schema);
  const others = variants.filter((variant) => variant.type !== "null");
  const [only] = others;
  if (others.length === variants.length || !only) return { schema, nullable: false };
  if (others.length > 1) return { schema: { ...schema, anyOf: others }, nullable: true };
  const { anyOf: _gone, ...beside } = schema;
  return { schema: { ...resolved(only, root), ...beside }, nullable: true };
}

/** The JSON types that a schema allows. */
export function typesOf(schema: JsonObject): string[] {
  const own = textOf(schema.type);
  return own ? [own] : variantsOf(schema).flatMap(typesOf);
}

/** The values that an enum allows, empty when it is none. */
export function choicesOf(schema: JsonObject): string[] {
  const own = Array.isArray(schema.enum) ? schema.enum : variantsOf(schema).flatMap((variant) => (Array.isArray(variant.enum) ? variant.enum : []));
  return own.map(String);
}

/** What `type` each variant of a union of objects carries. */
export function objectVariants(schema: JsonObject, root: JsonObject): { type: string; schema: JsonObject }[] {
  const mapping = isObject(schema.discriminator) && isObject(schema.discriminator.mapping) ? Object.keys(schema.discriminator.mapping) : [];
  return variantsOf(schema)
    .map((variant) => resolved(variant, root))
    .filter((variant) => isObject(variant.properties))
    .map((variant, index) => {
      const tag = isObject(variant.properties) && isObject(variant.properties.type) ? textOf(variant.properties.type.const) : undefined;
      return { type: tag ?? mapping[index] ?? "", schema: variant };
    });
}

function suggestedControl(schema: JsonObject, root: JsonObject): string {
  const variants = objectVariants(schema, root);
  if (variants.some((variant) => variant.type === "STATIC_VALUE")) return "value";
  if (variants.length > 0) return "variants";
  if (choicesOf(schema).length > 0) return "select";
  const types = typesOf(schema);
  if (types.includes("array")) {
    const items = isObject(schema.items) ? resolved(schema.items, root) : {};
    if (choicesOf(items).length > 0) return "multiselect";
    return isObject(items.properties) ? "list" : typesOf(items).includes("string") ? "texts" : "json";
  }
  if (types.includes("boolean") && types.length === 1) return "switch";
  if (types.length > 0 && types.every((type) => type === "number" || type === "integer")) return "number";
  if (isObject(schema.properties)) return "group";
  return types.includes("string") ? "text" : "json";
}

/** Title, control and limits of one property of a schema. */
export function fieldSpec(name: string, raw: JsonObject, root: JsonObject, required: boolean): FieldSpec {
  const { schema, nullable } = withoutNull(resolved(raw, root), root);
  const hint = textOf(schema.control);
  return {
    name,
    title: textOf(schema.title) ?? name,
    ...(textOf(schema.description) !== undefined && raw.description !== undefined ? { description: textOf(raw.description) } : {}),
    control: hint ?? suggestedControl(schema, root),
    required,
    nullable,
    ...(schema.default === undefined ? {} : { default: schema.default }),
    schema,
    root,
    advanced: schema.advanced === true,
    half: schema.width === "half",
    tokens: schema.tokens === true,
    ...(textOf(schema.placeholder) === undefined ? {} : { placeholder: textOf(schema.placeholder) }),
  };
}

/** The inputs of an object schema in its order; hidden ones and the tag of a union are left out. */
export function fieldsOf(schema: JsonObject, root: JsonObject = schema): FieldSpec[] {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties)
    .filter((entry): entry is [string, JsonObject] => isObject(entry[1]) && entry[1].const === undefined)
    .map(([name, raw]) => fieldSpec(name, raw, root, required.includes(name)))
    .filter((field) => field.control !== "hidden");
}

/** What a new object of a schema starts with: what its hints say, its defaults, and the tag of a union. */
export function startingValue(schema: JsonObject): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const start: JsonObject = {};
  for (const [name, raw] of Object.entries(properties)) {
    if (!isObject(raw)) continue;
    if (raw.const !== undefined) start[name] = raw.const;
    else if (raw.start !== undefined) start[name] = structuredClone(raw.start);
    else if (raw.default !== undefined && raw.default !== null) start[name] = structuredClone(raw.default);
  }
  return start;
}

/** Whether a value says nothing beyond the field's default. */
export function isDefault(field: FieldSpec, value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  return JSON.stringify(value) === JSON.stringify(field.default);
}
