import type { PropertyDefinition } from "@/api/properties";
import { nameFromLabel } from "./kinds";

/** An option while it is edited. `stored` options keep their value, since records hold it. */
export interface DraftOption {
  id: number;
  label: string;
  value: string;
  hidden: boolean;
  stored: boolean;
  /** The value was typed, so that it no longer follows the label. */
  typed: boolean;
  description: string;
}

let lastId = 0;

export const newOption = (label = ""): DraftOption => ({ id: ++lastId, label, value: nameFromLabel(label), hidden: false, stored: false, typed: false, description: "" });

export function draftOptions(property: PropertyDefinition | undefined): DraftOption[] {
  const stored = property?.options.toSorted((one, other) => (one.displayOrder ?? 0) - (other.displayOrder ?? 0)) ?? [];
  return stored.map((option) => ({ id: ++lastId, label: option.label, value: option.value, hidden: option.hidden ?? false, stored: true, typed: true, description: option.description ?? "" }));
}

/** Options as they are sent, in the order of the list; lines without a label are left out. */
export function sentOptions(options: readonly DraftOption[]) {
  return options
    .filter((option) => option.label.trim() !== "" || option.stored)
    .map((option, displayOrder) => ({ label: option.label.trim(), value: option.value.trim() || nameFromLabel(option.label), displayOrder, hidden: option.hidden, description: option.description }));
}

export function withLabel(option: DraftOption, label: string): DraftOption {
  return { ...option, label, value: option.typed ? option.value : nameFromLabel(label) };
}

export function moved(options: readonly DraftOption[], from: number, to: number): DraftOption[] {
  const option = options[from];
  if (!option || to < 0 || to >= options.length) return [...options];
  return options.toSpliced(from, 1).toSpliced(to, 0, option);
}

/** Several lines that were pasted become several options, after the one they were pasted into. */
export function pasted(options: readonly DraftOption[], at: number, text: string): DraftOption[] {
  const [first = "", ...rest] = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  const into = options[at];
  if (!into) return [...options];
  return options.toSpliced(at, 1, withLabel(into, into.label + first), ...rest.map(newOption));
}
