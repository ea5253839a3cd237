import type { JsonObject } from "@/api/json";
import type { FieldSpec } from "./schema";
import classes from "./SchemaForm.module.css";
import { useFormWorld } from "./widget";

interface Props {
  fields: readonly FieldSpec[];
  value: JsonObject;
  onChange: (next: JsonObject, path: string) => void;
  /** Where `value` stands in the form: "", or `queryParams[0]`. */
  path: string;
}

/** The inputs of one object, one below the other; those that ask for half the width share a line. */
export function Fields({ fields, value, onChange, path }: Props) {
  return (
    <div className={classes.fields}>
      {fields.map((field) => (
        <Field key={field.name} field={field} value={value} onChange={onChange} path={path === "" ? field.name : `${path}.${field.name}`} />
      ))}
    </div>
  );
}

function Field({ field, value, onChange, path }: Omit<Props, "fields"> & { field: FieldSpec }) {
  const { widgets, words, problemAt, disabled } = useFormWorld();
  const Widget = widgets[field.tokens && !TOKEN_CONTROLS.includes(field.control) ? "textarea" : field.control] ?? widgets.json;
  if (!Widget) return null;
  // What holds fields of its own leaves it to them to speak of what is inside.
  const problem = problemAt(path, !HOLDERS.includes(field.control));
  return (
    <div className={field.half ? classes.half : classes.whole} data-field={path}>
      <Widget
        field={field}
        label={words.label(field, path)}
        description={words.description(field, path)}
        value={value[field.name]}
        onChange={(next) => {
          const { [field.name]: _before, ...others } = value;
          onChange(next === undefined ? others : { ...value, [field.name]: next }, path);
        }}
        path={path}
        siblings={value}
        error={problem?.severity === "error" ? problem.message : undefined}
        disabled={disabled}
      />
      {problem?.severity === "warning" && (
        <div className={classes.warning} role="note">
          {problem.message}
        </div>
      )}
    </div>
  );
}

const HOLDERS = ["group", "list", "variants"];

/** Controls that know what to do with tokens. */
const TOKEN_CONTROLS = ["text", "textarea", "html", "url", "json_text", "value"];
