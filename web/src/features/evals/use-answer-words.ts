import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type PropertyDefinition, propertiesQuery } from "@/api/properties";
import { shownQuery } from "@/features/workflows/words";

export interface AnswerWords {
  /** The label of a field that a step answers; its name where it has none any more. */
  label: (actionId: string, field: string) => string;
  /** An answer as people call it: the label of an option, anything else as it is. */
  said: (actionId: string, field: string, value: string) => string;
  /** The properties of the workflow's records by name. */
  properties: ReadonlyMap<string, PropertyDefinition>;
}

/** How the answers of a workflow's steps and the properties of its records are called. */
export function useAnswerWords(flowId: string): AnswerWords {
  const { data: shown } = useQuery(shownQuery(flowId));
  const typeId = shown?.document.objectTypeId ?? "";
  const { data: properties } = useQuery({ ...propertiesQuery(typeId), enabled: typeId !== "" });
  return useMemo(() => {
    const output = (actionId: string, field: string) => shown?.outputs[actionId]?.find(({ name }) => name === field);
    return {
      label: (actionId, field) => output(actionId, field)?.label || field,
      said: (actionId, field, value) => output(actionId, field)?.options.find((option) => option.value === value)?.label ?? value,
      properties: new Map(properties?.map((property) => [property.name, property])),
    };
  }, [shown, properties]);
}
