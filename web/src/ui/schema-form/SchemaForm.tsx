import { type ReactNode, useMemo } from "react";
import type { JsonObject } from "@/api/json";
import { AdvancedSection } from "./AdvancedSection";
import { Fields } from "./Fields";
import { fieldsOf, isDefault } from "./schema";
import { plainWidgets } from "./widgets";
import { type FormWords, type FormWorld, FormWorldContext, plainWords, type ProblemAt, type Widgets } from "./widget";

interface Props {
  schema: JsonObject;
  value: JsonObject;
  /** Gets the whole object and the path of what changed, such as `queryParams[0].name`. */
  onChange: (next: JsonObject, path: string) => void;
  /** Widgets by control, beside the plain ones. */
  widgets?: Widgets;
  words?: Partial<FormWords>;
  problemAt?: ProblemAt;
  disabled?: boolean;
  /** Fields that are drawn by somebody else. */
  leaveOut?: readonly string[];
  children?: ReactNode;
}

const noProblem = () => undefined;

/** A form drawn from a JSON schema. A new action needs nothing but its schema to have one. */
export function SchemaForm({ schema, value, onChange, widgets, words, problemAt = noProblem, disabled = false, leaveOut, children }: Props) {
  const world = useMemo<FormWorld>(
    () => ({
      widgets: { ...plainWidgets, ...widgets },
      words: {
        label: words?.label ?? ((field) => field.title),
        description: words?.description ?? ((field) => field.description),
        choice: words?.choice ?? ((_field, choice) => plainWords(choice)),
      },
      problemAt,
      disabled,
    }),
    [widgets, words, problemAt, disabled],
  );
  const fields = useMemo(() => fieldsOf(schema).filter((field) => !leaveOut?.includes(field.name)), [schema, leaveOut]);
  const plain = fields.filter((field) => !field.advanced);
  const advanced = fields.filter((field) => field.advanced);
  const changed = advanced.filter((field) => !isDefault(field, value[field.name]));
  return (
    <FormWorldContext value={world}>
      <Fields fields={plain} value={value} onChange={onChange} path="" />
      {children}
      {advanced.length > 0 && (
        <AdvancedSection summary={changed.map((field) => `${world.words.label(field, field.name)} ${String(value[field.name])}`)} opened={disabled || advanced.some((field) => problemAt(field.name, true)?.severity === "error")}>
          <Fields fields={advanced} value={value} onChange={onChange} path="" />
        </AdvancedSection>
      )}
    </FormWorldContext>
  );
}
