import type { TFunction } from "i18next";
import type { Json } from "@/api/json";
import type { FilterField } from "./fields";
import { type Condition, type Item, readTree } from "./model";
import { operatorOf } from "./operators";

export interface Describer {
  t: TFunction;
  language: string;
  fieldOf: (name: string) => FilterField | undefined;
}

/** Shown options at most; the rest is counted. */
const SHOWN = 3;

function listed(describer: Describer, texts: readonly string[], type: "conjunction" | "disjunction"): string {
  return new Intl.ListFormat(describer.language, { type, style: "long" }).format(texts);
}

function shownValues(describer: Describer, condition: Condition, field: FilterField | undefined): string {
  const { t, language } = describer;
  const input = operatorOf(condition.operator)?.input;
  if (input === "unit") return t(`filters:unit.${condition.values[0] ?? "DAY"}`);
  const day = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const shown = condition.values.map((value) => {
    if (input === "options") return field?.options.find((option) => option.value === value)?.label ?? value;
    if (input === "day" || input === "days") return day.format(new Date(`${value}T00:00:00Z`));
    return value;
  });
  if (shown.length <= SHOWN) return listed(describer, shown, condition.operator === "allOf" ? "conjunction" : "disjunction");
  return t("filters:sentence.andMore", { values: shown.slice(0, SHOWN - 1).join(", "), count: shown.length - SHOWN + 1 });
}

function describeItem(describer: Describer, item: Item): string {
  const { t } = describer;
  if (item.kind === "kept") return t("filters:sentence.kept");
  const field = describer.fieldOf(item.property);
  const property = field?.label ?? item.property;
  const input = operatorOf(item.operator)?.input;
  if (input === "truth") return t(`filters:sentence.truth.${item.values[0] === "true" ? "yes" : "no"}`, { property });
  if (input === "numbers" || input === "days") {
    const [low = "", high = ""] = item.values.map((value) => shownValues(describer, { ...item, values: [value] }, field));
    return t(`filters:sentence.${item.operator}`, { property, low, high });
  }
  if (input === "count") return t(`filters:sentence.${item.operator}`, { property, count: Number(item.values[0]) });
  return t(`filters:sentence.${item.operator}`, { property, values: shownValues(describer, item, field) });
}

/** A filter document as a sentence, such as "Urgency is High and Product is known"; empty for no filter. */
export function describeFilter(describer: Describer, document: Json | undefined): string {
  const groups = readTree(document).groups.map((group) =>
    listed(
      describer,
      group.items.map((item) => describeItem(describer, item)),
      "conjunction",
    ),
  );
  return listed(describer, groups, "disjunction");
}
