import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { STANDARD_TYPES } from "@/api/object-types";
import { CreateForm, LONGEST_NAME } from "./CreateForm";
import { ObjectTypeSelect } from "./ObjectTypeSelect";

/** An empty workflow for records of one type. */
export function FromScratch({ folder, onClose }: { folder: string; onClose: () => void }) {
  const { t } = useTranslation("workflows");
  const [name, setName] = useState("");
  const [objectTypeId, setObjectTypeId] = useState<string>(STANDARD_TYPES.contacts);
  const wanted = name.trim();

  return (
    <CreateForm wish={wanted ? { name: wanted, objectTypeId, folder } : undefined} onClose={onClose}>
      <TextInput
        label={t("create.name")}
        placeholder={t("create.nameExample")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={LONGEST_NAME}
        autoComplete="off"
        data-autofocus
        required
      />
      <ObjectTypeSelect value={objectTypeId} onChange={setObjectTypeId} />
    </CreateForm>
  );
}
