import { type Extension, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import type { TFunction } from "i18next";
import type { TokenScope } from "./token-scope";
import { FENCED, findTokens, type PlacedToken } from "./tokens";
import classes from "./TokenField.module.css";

export interface ChipWorld {
  scope: TokenScope;
  t: TFunction;
  onOpen: (token: PlacedToken) => void;
}

/** Gives the chips other words, when properties arrive or a step is renamed. */
export const setWorld = StateEffect.define<ChipWorld>();

class Chip extends WidgetType {
  constructor(
    readonly token: PlacedToken,
    readonly label: string,
    readonly kind: "record" | "output" | "unknown",
    readonly notes: string,
    readonly hint: string,
    readonly onOpen: (token: PlacedToken) => void,
  ) {
    super();
  }

  override eq(other: Chip): boolean {
    return other.label === this.label && other.kind === this.kind && other.notes === this.notes && other.hint === this.hint;
  }

  override toDOM(view: EditorView): HTMLElement {
    const chip = document.createElement("span");
    chip.className = classes.chip ?? "";
    chip.dataset.kind = this.kind;
    chip.title = this.hint;
    chip.append(this.label);
    if (this.notes) {
      const notes = document.createElement("span");
      notes.className = classes.notes ?? "";
      notes.append(` ${this.notes}`);
      chip.append(notes);
    }
    chip.addEventListener("mousedown", (event) => event.preventDefault());
    chip.addEventListener("click", () => {
      // The widget may have moved since it was drawn, so the token is found again where it stands now.
      const at = view.posAtDOM(chip);
      const token = findTokens(view.state.doc.toString()).find((one) => one.from === at);
      if (token) this.onOpen(token);
    });
    return chip;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

function notesOf(token: PlacedToken, t: TFunction): string {
  return token.filters
    .map(({ name, args: [argument] }) => {
      if (name === "default") return t("forms:token.note.default", { text: argument });
      if (name === "truncate") return t("forms:token.note.truncate", { count: Number(argument) });
      if (name === FENCED) return t("forms:token.note.fenced");
      return name;
    })
    .join(" · ");
}

function chipFor(token: PlacedToken, { scope, t, onOpen }: ChipWorld): Chip {
  const choice = scope.find(token.path);
  const notes = notesOf(token, t);
  if (!choice) {
    const unknown = scope.ready;
    return new Chip(token, token.path.split(".").slice(1).join(".") || token.path, unknown ? "unknown" : "record", notes, unknown ? t("forms:token.unknown", { path: token.path }) : "", onOpen);
  }
  const hint =
    choice.sample !== undefined && scope.sampleOf
      ? t("forms:token.sample", { record: scope.sampleOf, value: choice.sample || t("forms:token.noValue") })
      : choice.label;
  return new Chip(token, choice.label, choice.kind, notes, hint, onOpen);
}

function draw(text: string, world: ChipWorld): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const token of findTokens(text)) builder.add(token.from, token.to, Decoration.replace({ widget: chipFor(token, world) }));
  return builder.finish();
}

/** Shows tokens as chips that the caret steps over and that are deleted whole. The document stays plain text. */
export function chips(world: ChipWorld): Extension {
  const field = StateField.define<{ world: ChipWorld; drawn: DecorationSet }>({
    create: (state) => ({ world, drawn: draw(state.doc.toString(), world) }),
    update(value, transaction) {
      const changed = transaction.effects.find((effect) => effect.is(setWorld));
      if (!changed && !transaction.docChanged) return value;
      const next = changed ? (changed.value as ChipWorld) : value.world;
      return { world: next, drawn: draw(transaction.state.doc.toString(), next) };
    },
    provide: (self) => [
      EditorView.decorations.from(self, (value) => value.drawn),
      EditorView.atomicRanges.of((view) => view.state.field(self).drawn),
    ],
  });
  return field;
}
