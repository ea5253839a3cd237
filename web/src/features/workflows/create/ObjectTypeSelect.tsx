import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useObjectTypes } from "@/api/object-types";

interface Props {
  value: string | null;
  onChange: (objectTypeId: string) => void;
  error?: string | undefined;
}

/** The kind of records that go through a workflow. It cannot be changed later. */
export function ObjectTypeSelect({ value, onChange, error }: Props) {
  const { t } = useTranslation("workflows");
  const types = useObjectTypes();
  return (
    <Select
      label={t("create.objectType")}
      description={t("create.objectTypeHint")}
      data={types.map((type) => ({ value: type.id, label: type.plural }))}
      value={types.some((type) => type.id === value) ? value : null}
      onChange={(chosen) => chosen !== null && onChange(chosen)}
      placeholder={t("create.chooseType")}
      error={error}
      searchable
      comboboxProps={{ withinPortal: true }}
    />
  );
}
