import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { propertiesQuery, type PropertyDefinition } from "@/api/properties";
import { propertyFields } from "@/ui/filter-builder/fields";
import { useDescribeFilter } from "@/ui/filter-builder/use-describe";
import { stepName } from "../model/names";
import type { Tree } from "../model/tree";
import { typeOf, type ActionType, type FlowDocument, type OutputSpec } from "../model/types";
import { titleOf, type Lookup } from "./describe-step";

const NONE: readonly PropertyDefinition[] = [];

/** The words of a workflow's cards: labels of its object's properties, names and outputs of its steps. */
export function useLookup(document: FlowDocument, tree: Tree, catalog: readonly ActionType[], outputs: Readonly<Record<string, OutputSpec[]>>): Lookup {
  const { t, i18n } = useTranslation("editor");
  const objectType = document.objectTypeId ?? "";
  const { data: properties = NONE } = useQuery({ ...propertiesQuery(objectType), enabled: objectType !== "" });
  const titles = useStepTitles(document, tree, catalog);

  const fields = useMemo(() => {
    const ofOutputs = Object.entries(outputs).flatMap(([actionId, specs]) =>
      specs.map((spec) => ({
        name: `action_outputs.action_output_${actionId}.${spec.name}`,
        label: spec.label,
        group: "",
        type: "string" as const,
        multiple: false,
        options: spec.options,
      })),
    );
    return [...propertyFields(properties, [], ""), ...ofOutputs];
  }, [properties, outputs]);
  const filter = useDescribeFilter(fields);

  return useMemo(() => {
    const byName = new Map(properties.map((property) => [property.name, property]));
    return {
      t,
      language: i18n.language === "en" ? "en-GB" : i18n.language,
      property: (name) => byName.get(name)?.label ?? name,
      option: (property, value) => byName.get(property)?.options.find((option) => option.value === value)?.label ?? value,
      output: (actionId, name) => {
        const label = outputs[actionId]?.find((spec) => spec.name === name)?.label ?? name;
        const step = titles.get(actionId);
        return step ? t("editor:value.output", { output: label, step }) : t("editor:value.lostOutput", { output: label });
      },
      filter,
    };
  }, [t, i18n.language, properties, outputs, titles, filter]);
}

/** `1. Classify` for every step: its number and its name, or its type's title. The map is the same while they are. */
function useStepTitles(document: FlowDocument, tree: Tree, catalog: readonly ActionType[]): ReadonlyMap<string, string> {
  const { t } = useTranslation("editor");
  const written = JSON.stringify(
    tree.steps.map(({ id, number, action }) => {
      const type = typeOf(catalog, action);
      return [id, t("editor:card.numbered", { number, title: stepName(document, id) || (type ? titleOf(type, t) : action.type) })];
    }),
  );
  return useMemo(() => new Map(JSON.parse(written) as [string, string][]), [written]);
}
