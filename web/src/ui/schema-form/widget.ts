import { type ComponentType, createContext, useContext } from "react";
import type { Json, JsonObject } from "@/api/json";
import type { FieldSpec } from "./schema";

export interface WidgetProps {
  field: FieldSpec;
  /** In the language of the screens. */
  label: string;
  description?: string;
  value: Json | undefined;
  /** `undefined` takes the key out of the document. */
  onChange: (next: Json | undefined) => void;
  /** Where the value stands below the form's own path: `queryParams[0].value`. */
  path: string;
  /** The object that the value is part of, for widgets that look at a neighbour. */
  siblings: JsonObject;
  error?: string;
  disabled: boolean;
}

export type Widget = ComponentType<WidgetProps>;
export type Widgets = Readonly<Record<string, Widget>>;

export interface FormWords {
  /** The label of a field; the schema's title where the catalogue has no other. */
  label: (field: FieldSpec, path: string) => string;
  description: (field: FieldSpec, path: string) => string | undefined;
  /** The word for one choice of an enum: HOURS -> "Hours". */
  choice: (field: FieldSpec, choice: string) => string;
}

export interface FieldProblem {
  message: string;
  severity: "error" | "warning";
}

/** The server's words about a place below the form's path; with `below` about anything inside of it too. */
export type ProblemAt = (path: string, below: boolean) => FieldProblem | undefined;

export interface FormWorld {
  widgets: Widgets;
  words: FormWords;
  problemAt: ProblemAt;
  disabled: boolean;
}

export const FormWorldContext = createContext<FormWorld | null>(null);

/** What the fields of a form share. Throws when a field stands outside of a form. */
export function useFormWorld(): FormWorld {
  const world = useContext(FormWorldContext);
  if (!world) throw new Error("A field of a schema form was drawn outside of a SchemaForm.");
  return world;
}

/** `SNAKE_CASE` and `snake_case` as words, for choices that no catalogue has. */
export function plainWords(choice: string): string {
  const words = choice.replace(/_/g, " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
