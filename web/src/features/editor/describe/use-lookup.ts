import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { propertiesQuery, type PropertyDefinition } from "@/api/properties";
import { propertyFields } from "@/ui/filter-builder/fields";
import { useDescribeFilter } from "@/ui/filter-builder/use-describe";
import type { Tree } from "../model/tree";
import type { ActionType, FlowDocument, OutputSpec } from "../model/types";
import type { Lookup } from "./describe-step";
import { useStepTitles } from "./step-titles";

type Outputs = Readonly<Record<string, OutputSpec[]>>;

const NONE: readonly PropertyDefinition[] = [];

/** The words of a workflow's cards: labels of its object's properties, names and outputs of its steps. */
export function useLookup(document: FlowDocument, tree: Tree, catalog: readonly ActionType[], outputs: Outputs): Lookup {
  const titles = useStepTitles(document, tree, catalog);
  return useWords(
    document,
    outputs,
    useCallback((actionId) => titles.get(actionId), [titles]),
  );
}

/**
 * The same for a canvas on which steps are renamed and inserted: the lookup stays the same object meanwhile, and
 * `titles` tells which cards name a step that has another title now.
 */
export function useCanvasLookup(document: FlowDocument, tree: Tree, catalog: readonly ActionType[], outputs: Outputs): { look: Lookup; titles: ReadonlyMap<string, string> } {
  const titles = useStepTitles(document, tree, catalog);
  const now = useRef(titles);
  now.current = titles;
  const look = useWords(
    document,
    outputs,
    useCallback((actionId) => now.current.get(actionId), []),
  );
  return { look, titles };
}

function useWords(document: FlowDocument, outputs: Outputs, titleOf: (actionId: string) => string | undefined): Lookup {
  const { t, i18n } = useTranslation("editor");
  const objectType = document.objectTypeId ?? "";
  const { data: properties = NONE } = useQuery({ ...propertiesQuery(objectType), enabled: objectType !== "" });

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
    const language = i18n.language === "en" ? "en-GB" : i18n.language;
    const both = new Intl.ListFormat(language, { style: "narrow" });
    const either = new Intl.ListFormat(language, { type: "disjunction" });
    return {
      t,
      all: (items) => both.format(items),
      either: (items) => either.format(items),
      property: (name) => byName.get(name)?.label ?? name,
      option: (property, value) => byName.get(property)?.options.find((option) => option.value === value)?.label ?? value,
      output: (actionId, name) => {
        const label = outputs[actionId]?.find((spec) => spec.name === name)?.label ?? name;
        const step = titleOf(actionId);
        return step ? t("editor:value.output", { output: label, step }) : t("editor:value.lostOutput", { output: label });
      },
      filter,
    };
  }, [t, i18n.language, properties, outputs, titleOf, filter]);
}
