import { Button, Modal, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import type { PropertyDefinition } from "@/api/properties";
import { DialogFooter } from "@/ui/DialogFooter";
import type { BulkEdit, Which } from "../contract";
import { useBulkEdit } from "../queries/bulk";
import { canEdit } from "../values/kinds";
import { ValueInput } from "../values/ValueInput";

interface Props {
  objectType: string;
  properties: readonly PropertyDefinition[];
  which: Which;
  /** Which records in words: "12 selected". */
  words: string;
  onClose: () => void;
  onStarted: (work: BulkEdit) => void;
}

/** Sets one property of all chosen records to one value. */
export function BulkEditDialog({ objectType, properties, which, words, onClose, onStarted }: Props) {
  const { t } = useTranslation("records");
  const [name, setName] = useState<string | null>(null);
  const [value, setValue] = useState("");
  const edit = useBulkEdit(objectType);
  const property = properties.find((one) => one.name === name);
  const choices = properties.filter((one) => canEdit(one) && !one.hidden && !one.hasUniqueValue).map((one) => ({ value: one.name, label: one.label }));
  const clearing = property !== undefined && value === "";

  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t("bulk.title")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (property) edit.mutate({ which, values: { [property.name]: value === "" ? null : value } }, { onSuccess: onStarted });
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {words}
          </Text>
          <Select
            label={t("bulk.property")}
            data={choices}
            value={name}
            onChange={(next) => {
              setName(next);
              setValue("");
              edit.reset();
            }}
            searchable
            data-autofocus
            placeholder={t("bulk.choose")}
            nothingFoundMessage={t("value.nothingFound")}
          />
          {property && <ValueInput key={property.name} property={property} label={t("bulk.value")} value={value} onChange={setValue} error={edit.error ? asProblem(edit.error).message : undefined} />}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={edit.isPending} disabled={property === undefined}>
              {t(clearing ? "bulk.clear" : "bulk.apply")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
