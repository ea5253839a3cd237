import type { Json } from "@/api/json";
import { plainWidgets } from "@/ui/schema-form/widgets";
import type { Widget, WidgetProps } from "@/ui/schema-form/widget";
import { TokenField } from "../../prompt/TokenField";

const textOf = (value: Json | undefined): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

interface Shape {
  singleLine?: boolean;
  rows?: number;
  mono?: boolean;
}

/** A text with tokens where the schema says that it may hold some, else the plain widget. */
function tokenWidget(control: string, shape: Shape): Widget {
  const Plain = plainWidgets[control] as Widget;
  return function TokenWidget(props: WidgetProps) {
    const { field, label, description, value, onChange, error, disabled } = props;
    if (!field.tokens) return <Plain {...props} />;
    return (
      <TokenField
        label={label}
        description={description}
        value={textOf(value)}
        onChange={(text) => onChange(text === "" && field.nullable ? null : text)}
        placeholder={field.placeholder}
        error={error}
        disabled={disabled}
        {...shape}
      />
    );
  };
}

export const tokenWidgets = {
  text: tokenWidget("text", { singleLine: true }),
  url: tokenWidget("url", { singleLine: true }),
  textarea: tokenWidget("textarea", { rows: 5 }),
  html: tokenWidget("html", { rows: 8, mono: true }),
  json_text: tokenWidget("json_text", { rows: 5, mono: true }),
};
