import { Button, Modal, Select, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { recordName, useObjectType } from "@/api/object-types";
import { DialogFooter } from "@/ui/DialogFooter";
import type { AssociationLabel } from "../contract";
import { foundQuery } from "../queries/associations";

interface Props {
  title: string;
  toObjectType: string;
  labels: readonly AssociationLabel[];
  /** Records that cannot be chosen, since they are associated already. */
  taken: ReadonlySet<string>;
  busy: boolean;
  onPick: (recordId: string, label: AssociationLabel | undefined) => void;
  onClose: () => void;
}

/** Finds a record by what it is called, and says what it is to this one. */
export function AssociateDialog({ title, toObjectType, labels, taken, busy, onPick, onClose }: Props) {
  const { t } = useTranslation("records");
  const type = useObjectType(toObjectType);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [labelId, setLabelId] = useState("0");
  const [search] = useDebouncedValue(typed, 200);
  const { data } = useQuery({ ...foundQuery(toObjectType, search, type.nameProperties), placeholderData: keepPreviousData });
  const choices = (data?.results ?? []).filter((row) => !taken.has(row.id)).map((row) => ({ value: row.id, label: recordName(type, row.properties) ?? `#${row.id}` }));
  const named = labels.filter((label) => label.label !== null);

  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen !== null) onPick(chosen, labels.find((label) => String(label.typeId) === labelId));
        }}
      >
        <Stack gap="md">
          <Select
            label={type.singular}
            placeholder={t("associations.search")}
            data={choices}
            // The server has found them already, by more than the name that is shown.
            filter={({ options }) => options}
            searchable
            data-autofocus
            value={chosen}
            onChange={setChosen}
            onSearchChange={setTyped}
            nothingFoundMessage={t("value.nothingFound")}
          />
          {named.length > 0 && (
            <Select
              label={t("associations.label")}
              data={[{ value: "0", label: t("associations.noLabel") }, ...named.map((label) => ({ value: String(label.typeId), label: label.label ?? "" }))]}
              value={labelId}
              onChange={(next) => setLabelId(next ?? "0")}
            />
          )}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={chosen === null}>
              {t("ui:action.add")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
