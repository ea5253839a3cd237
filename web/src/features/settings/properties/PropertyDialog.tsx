import { Button, Checkbox, Modal, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { propertyGroupsQuery, type PropertyDefinition } from "@/api/properties";
import { DialogFooter } from "@/ui/DialogFooter";
import { say } from "@/ui/toast";
import { KINDS, kindOfProperty, nameFromLabel, type PropertyKind } from "./kinds";
import { KindCards } from "./KindCards";
import { draftOptions, newOption, sentOptions } from "./options";
import { OptionsEditor } from "./OptionsEditor";
import { SENSITIVITIES, sensitivityOf } from "./sensitivity";
import { useCreateGroup, useCreateProperty, useUpdateProperty } from "./queries";

interface Props {
  objectType: string;
  /** The property to change; none creates one. */
  property?: PropertyDefinition;
  /** What a new property begins with, such as the column of a file. */
  start?: { label: string; name?: string; type?: string; fieldType?: string; options?: readonly string[] };
  onSaved?: (property: PropertyDefinition) => void;
  onClose: () => void;
}

const NEW_GROUP = " new";

/** Creates a property, or changes what may be changed of one. */
export function PropertyDialog({ objectType, property, start, onSaved, onClose }: Props) {
  const { t } = useTranslation("properties");
  const { data: groups = [] } = useQuery(propertyGroupsQuery(objectType));
  const [label, setLabel] = useState(property?.label ?? start?.label ?? "");
  const [name, setName] = useState(property?.name ?? start?.name);
  const [kind, setKind] = useState<PropertyKind>(() => kindOfProperty(property ?? { type: start?.type ?? "string", fieldType: start?.fieldType ?? "text" }) ?? KINDS[0]!);
  const [groupName, setGroupName] = useState<string | null>(property?.groupName || null);
  const [newGroup, setNewGroup] = useState("");
  const [description, setDescription] = useState(property?.description ?? "");
  const [options, setOptions] = useState(() => (property ? draftOptions(property) : (start?.options ?? []).map((value) => ({ ...newOption(value), value, typed: true }))));
  const [unique, setUnique] = useState(property?.hasUniqueValue ?? false);
  const [sensitivity, setSensitivity] = useState(sensitivityOf(property));
  const create = useCreateProperty(objectType);
  const update = useUpdateProperty(objectType);
  const makeGroup = useCreateGroup(objectType);
  const failed = create.error ?? update.error ?? makeGroup.error;
  const problem = failed ? asProblem(failed) : undefined;
  const shownName = name ?? nameFromLabel(label);
  const group = groupName ?? groups[0]?.name ?? "";
  const about = (field: string) => problem?.errors.find((error) => error.in.split(".").some((part) => part.replace(/\[\d+\]/, "") === field))?.message;
  const besides = problem && !["name", "label", "options", "groupName"].some(about) ? problem.message || t("ui:error.unreachableRemedy") : undefined;

  const choose = (chosen: PropertyKind) => {
    setKind(chosen);
    if (chosen.hasOptions && options.length === 0) setOptions([newOption()]); // a line to type into
  };

  const save = async () => {
    try {
      let target = group;
      if (groupName === NEW_GROUP) target = (await makeGroup.mutateAsync({ name: nameFromLabel(newGroup), label: newGroup.trim() })).name;
      const shared = { label: label.trim(), description: description.trim(), groupName: target, options: kind.hasOptions ? sentOptions(options) : [] };
      const saved = property
        ? await update.mutateAsync({ name: property.name, changes: { ...shared, options: kind.hasOptions ? shared.options : undefined } })
        : await create.mutateAsync({
            ...shared,
            name: shownName,
            type: kind.type,
            fieldType: kind.fieldType,
            displayOrder: -1,
            hasUniqueValue: unique && kind.mayBeUnique,
            hidden: false,
            formField: false,
            dataSensitivity: sensitivity,
          });
      say(t(property ? "saved" : "created", { label: saved.label }));
      onSaved?.(saved);
      onClose();
    } catch {
      // What was refused stands beside the fields.
    }
  };

  return (
    <Modal opened onClose={onClose} size={640} title={<Text fw={600}>{t(property ? "edit.title" : "create.title")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
            <TextInput label={t("field.label")} value={label} onChange={(event) => setLabel(event.currentTarget.value)} error={about("label")} required data-autofocus autoComplete="off" />
            <TextInput
              label={t("field.name")}
              description={property ? t("field.nameFixed") : undefined}
              inputWrapperOrder={["label", "input", "description", "error"]}
              styles={{ input: { fontFamily: "var(--mono)" } }}
              value={shownName}
              onChange={(event) => setName(event.currentTarget.value)}
              error={about("name")}
              disabled={property !== undefined}
              required
              autoComplete="off"
            />
          </SimpleGrid>
          {property ? <Text size="sm">{t("field.kindFixed", { kind: t(`kind.${kind.id}.title`) })}</Text> : <KindCards value={kind} onChange={choose} />}
          {kind.hasOptions && <OptionsEditor options={options} onChange={setOptions} error={about("options")} />}
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
            <Select
              label={t("field.group")}
              data={[...groups.map((one) => ({ value: one.name, label: one.label })), { value: NEW_GROUP, label: t("field.newGroup") }]}
              value={groupName ?? groups[0]?.name ?? null}
              onChange={setGroupName}
              error={about("groupName")}
            />
            {groupName === NEW_GROUP && <TextInput label={t("field.newGroupName")} value={newGroup} onChange={(event) => setNewGroup(event.currentTarget.value)} required autoComplete="off" />}
          </SimpleGrid>
          <Textarea label={t("field.description")} description={t("field.descriptionUse")} value={description} onChange={(event) => setDescription(event.currentTarget.value)} maxRows={6} />
          {!property && kind.mayBeUnique && <Checkbox label={t("field.unique")} description={t("field.uniqueUse")} checked={unique} onChange={(event) => setUnique(event.currentTarget.checked)} />}
          <Select
            label={t("field.sensitivity")}
            description={t(property ? "field.sensitiveFixed" : "field.sensitiveUse")}
            data={SENSITIVITIES.map((value) => ({ value, label: t(`sensitivity.${value}`) }))}
            value={sensitivity}
            disabled={property !== undefined}
            allowDeselect={false}
            onChange={(value) => value && setSensitivity(value)}
          />
          {besides && (
            <Text size="sm" c="var(--error)" role="alert">
              {besides}
            </Text>
          )}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={create.isPending || update.isPending || makeGroup.isPending} disabled={label.trim() === "" || shownName === ""}>
              {t(property ? "ui:action.save" : "create.submit")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
