import { ActionIcon, Button, HoverCard, Menu, Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PropertyDefinition } from "@/api/properties";
import { ArchiveIcon, LockedIcon, MoreIcon, RenameIcon, UndoIcon } from "@/design/icons";
import { say, sayProblem } from "@/ui/toast";
import { ArchiveDialog } from "./ArchiveDialog";
import { kindOfProperty } from "./kinds";
import type { GroupOfProperties } from "./property-groups";
import classes from "./PropertyTable.module.css";
import { useCreateProperty } from "./queries";
import { sensitivityOf } from "./sensitivity";
import type { PropertyUse } from "./uses";

interface Props {
  objectType: string;
  group: GroupOfProperties;
  uses: ReadonlyMap<string, PropertyUse> | undefined;
  archived: boolean;
  mayWrite: boolean;
  onEdit: (property: PropertyDefinition) => void;
}

/** The properties of one group, with what each holds and what uses it. */
export function PropertyTable({ objectType, group, uses, archived, mayWrite, onEdit }: Props) {
  const { t } = useTranslation("properties");
  const [archiving, setArchiving] = useState<PropertyDefinition>();
  const create = useCreateProperty(objectType);

  // Creating a property under its old name and type brings it back with its values.
  const restore = (property: PropertyDefinition) =>
    create.mutate(
      { ...property, dataSensitivity: sensitivityOf(property), type: property.type as "string" },
      { onSuccess: () => say(t("restored", { label: property.label })), onError: (error) => sayProblem(error, t("notRestored", { label: property.label })) },
    );

  return (
    <section className={classes.group} aria-label={group.label}>
      <h2 className={classes.title}>
        {group.label} <span className={classes.count}>{group.properties.length}</span>
      </h2>
      <Table.ScrollContainer minWidth={640} classNames={{ scrollContainerInner: classes.inner }}>
        <Table aria-label={group.label} className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("column.property")}</Table.Th>
              <Table.Th w={170}>{t("column.kind")}</Table.Th>
              <Table.Th w={200}>{t("column.uses")}</Table.Th>
              <Table.Th w={56}>
                <span className="visually-hidden">{t("column.actions")}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {group.properties.map((property) => {
              const kind = kindOfProperty(property);
              return (
                <Table.Tr key={property.name}>
                  <Table.Td>
                    {archived || !mayWrite ? (
                      <span className={classes.label}>{property.label}</span>
                    ) : (
                      <button type="button" className={classes.open} onClick={() => onEdit(property)}>
                        {property.label}
                      </button>
                    )}
                    <span className={classes.marks}>
                      {property.hasUniqueValue && <span className={classes.mark}>{t("mark.unique")}</span>}
                      {property.dataSensitivity !== "non_sensitive" && (
                        <span className={classes.mark}>
                          <LockedIcon size={11} aria-hidden />
                          {t(`mark.${sensitivityOf(property) === "highly_sensitive" ? "highlySensitive" : "sensitive"}`)}
                        </span>
                      )}
                      {property.modificationMetadata.readOnlyValue && <span className={classes.mark}>{t("mark.readOnly")}</span>}
                    </span>
                    <div className={classes.name}>{property.name}</div>
                  </Table.Td>
                  <Table.Td>{kind ? t(`kind.${kind.id}.title`) : property.type}</Table.Td>
                  <Table.Td>
                    <Uses use={uses?.get(property.name)} />
                  </Table.Td>
                  <Table.Td>
                    {mayWrite && archived && (
                      <Button variant="subtle" size="compact-xs" leftSection={<UndoIcon size={14} aria-hidden />} aria-label={t("restoreOne", { label: property.label })} onClick={() => restore(property)}>
                        {t("restore")}
                      </Button>
                    )}
                    {mayWrite && !archived && (
                      <Menu position="bottom-end" width={180}>
                        <Menu.Target>
                          <ActionIcon size={28} aria-label={t("actionsOf", { label: property.label })}>
                            <MoreIcon size={16} />
                          </ActionIcon>
                        </Menu.Target>
                        <Menu.Dropdown>
                          <Menu.Item leftSection={<RenameIcon size={16} />} onClick={() => onEdit(property)}>
                            {t("ui:action.edit")}
                          </Menu.Item>
                          <Menu.Item leftSection={<ArchiveIcon size={16} />} disabled={!property.modificationMetadata.archivable} onClick={() => setArchiving(property)}>
                            {t("archive.action")}
                          </Menu.Item>
                        </Menu.Dropdown>
                      </Menu>
                    )}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {archiving && (
        <ArchiveDialog objectType={objectType} property={archiving} use={uses?.get(archiving.name)} onRestore={() => restore(archiving)} onClose={() => setArchiving(undefined)} />
      )}
    </section>
  );
}

function Uses({ use }: { use: PropertyUse | undefined }) {
  const { t } = useTranslation("properties");
  if (!use || use.flows.length + use.views.length === 0) return <span className={classes.none}>{t("uses.none")}</span>;
  return (
    <HoverCard position="bottom-start" shadow="md" withinPortal>
      <HoverCard.Target>
        <button type="button" className={classes.uses}>
          {use.flows.length > 0 ? t("uses.flows", { count: use.flows.length }) : t("uses.views", { count: use.views.length })}
        </button>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <UseList use={use} />
      </HoverCard.Dropdown>
    </HoverCard>
  );
}

/** The workflows and views that use a property, by name. */
export function UseList({ use }: { use: PropertyUse }) {
  const { t } = useTranslation("properties");
  return (
    <ul className={classes.list}>
      {use.flows.map((flow) => (
        <li key={flow.id}>
          <Link to="/workflows/$flowId" params={{ flowId: flow.id }}>
            {flow.name || t("uses.unnamed", { id: flow.id })}
          </Link>{" "}
          <span className={classes.none}>{t(flow.isEnabled ? "uses.on" : "uses.off")}</span>
        </li>
      ))}
      {use.views.map((view) => (
        <li key={view.id}>{t("uses.view", { name: view.name })}</li>
      ))}
    </ul>
  );
}
