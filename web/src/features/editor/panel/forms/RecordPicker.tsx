import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { objectSchemaQuery } from "@/api/properties";
import { sampleRecordsQuery, useSampleRecord } from "./sample-record";

interface Props {
  objectType: string;
  label: string;
}

/** Chooses the record that previews and tests are made with. */
export function RecordPicker({ objectType, label }: Props) {
  const { t } = useTranslation("forms");
  const { record, choose } = useSampleRecord(objectType);
  const [typed, setTyped] = useState("");
  const [sought] = useDebouncedValue(typed === record?.name ? "" : typed.trim(), 200);
  const { data: schema } = useQuery({ ...objectSchemaQuery(objectType), enabled: objectType !== "" });
  const { data: found = [] } = useQuery(sampleRecordsQuery(objectType, sought, schema));
  const offered = record && !found.some((one) => one.id === record.id) ? [record, ...found] : found;
  return (
    <Select
      aria-label={label}
      placeholder={t("record.choose")}
      data={offered.map((one) => ({ value: one.id, label: one.name }))}
      value={record?.id ?? null}
      onChange={(id) => {
        const next = offered.find((one) => one.id === id);
        if (next) choose(next);
      }}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={t("record.noneFound")}
      maxDropdownHeight={260}
    />
  );
}
