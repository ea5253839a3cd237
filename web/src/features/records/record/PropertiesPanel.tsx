import { CloseButton, Switch, TextInput } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ObjectTypeName } from "@/api/object-types";
import { propertyGroupsQuery, type PropertyDefinition } from "@/api/properties";
import { useSession } from "@/api/session";
import { SearchIcon } from "@/design/icons";
import type { Move } from "@/ui/data-table/types";
import type { Values } from "../contract";
import { originsQuery } from "../queries/history";
import { canEdit } from "../values/kinds";
import { sectionsOf } from "./property-sections";
import classes from "./PropertiesPanel.module.css";
import { PropertyRow } from "./PropertyRow";

interface Props {
  objectType: string;
  type: ObjectTypeName;
  recordId: string;
  properties: readonly PropertyDefinition[];
  values: Values;
  onHistory: (property: string) => void;
}

/** The values of a record by group, each edited where it stands; Tab goes on to the next one. */
export function PropertiesPanel({ objectType, type, recordId, properties, values, onHistory }: Props) {
  const { t } = useTranslation("records");
  const { may } = useSession();
  const { data: groups } = useQuery(propertyGroupsQuery(objectType));
  const { data: origins } = useQuery(originsQuery(objectType, recordId));
  const [sought, setSought] = useState("");
  const [hideEmpty, setHideEmpty] = useLocalStorage({ key: "penstock-hide-empty", defaultValue: true, getInitialValueInEffect: false });
  const [editing, setEditing] = useState<string>();
  const mayWrite = may("records.write");

  // What is being edited stays although it is empty by now.
  const sections = useMemo(
    () =>
      sectionsOf({ type, properties, groups: groups ?? [], sought, about: t("record.about", { type: type.singular.toLowerCase() }), other: t("otherProperties"), isShown: (property) => !hideEmpty || Boolean(values[property.name]) || editing === property.name }),
    [type, properties, groups, sought, hideEmpty, values, editing, t],
  );
  const order = sections.flatMap((section) => section.properties.filter(canEdit).map((property) => property.name));
  const goOn = (from: string, move: Move) => {
    const at = order.indexOf(from);
    setEditing(move === "next" ? order[at + 1] : move === "previous" ? order[at - 1] : undefined);
  };

  return (
    <>
      <div className={classes.head}>
        <TextInput
          type="search"
          size="xs"
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
          placeholder={t("record.searchProperties")}
          aria-label={t("record.searchProperties")}
          leftSection={<SearchIcon size={14} aria-hidden />}
          rightSection={sought !== "" && <CloseButton size="xs" aria-label={t("clearSearch")} onClick={() => setSought("")} />}
        />
        <Switch size="xs" label={t("record.hideEmpty")} checked={hideEmpty} onChange={(event) => setHideEmpty(event.currentTarget.checked)} />
      </div>
      {sections.map((section) => (
        <details key={section.name} open className={classes.section}>
          <summary className={classes.title}>{section.label}</summary>
          <dl className={classes.list}>
            {section.properties.map((property) => (
              <PropertyRow
                key={property.name}
                objectType={objectType}
                recordId={recordId}
                property={property}
                value={values[property.name]}
                origin={origins?.get(property.name)}
                mayEdit={mayWrite && canEdit(property)}
                editing={editing === property.name}
                onEdit={() => setEditing(property.name)}
                onLeave={(move) => goOn(property.name, move)}
                onHistory={() => onHistory(property.name)}
              />
            ))}
          </dl>
        </details>
      ))}
      {sections.length === 0 && <p className={classes.none}>{t(sought === "" ? "record.allEmpty" : "record.noProperty")}</p>}
    </>
  );
}
