import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type PropertyDefinition, propertiesQuery, propertyGroupsQuery } from "@/api/properties";
import { type FilterField, propertyFields } from "@/ui/filter-builder/fields";
import { useEditor } from "../../store/context";

export interface RecordFields {
  objectType: string;
  /** The visible properties of the enrolled record, by group. */
  fields: readonly FilterField[];
  definitions: readonly PropertyDefinition[];
  /** False while they are on their way. */
  ready: boolean;
}

const NONE: readonly never[] = [];

/** The properties of the records that the open workflow enrolls. */
export function useRecordFields(): RecordFields {
  const { t } = useTranslation("filters");
  const objectType = useEditor((state) => state.document.objectTypeId ?? "");
  const { data: properties } = useQuery({ ...propertiesQuery(objectType), enabled: objectType !== "" });
  const { data: groups } = useQuery({ ...propertyGroupsQuery(objectType), enabled: objectType !== "" });
  return useMemo(
    () => ({
      objectType,
      fields: properties ? propertyFields(properties, groups ?? [], t("property.otherGroup")) : NONE,
      definitions: properties ?? NONE,
      ready: properties !== undefined,
    }),
    [objectType, properties, groups, t],
  );
}
