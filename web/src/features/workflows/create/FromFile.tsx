import { Button, FileButton, Stack, Text, TextInput } from "@mantine/core";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjectTypes } from "@/api/object-types";
import { UploadIcon } from "@/design/icons";
import { CreateForm, LONGEST_NAME } from "./CreateForm";
import { FileProblems } from "./FileProblems";
import classes from "./FromFile.module.css";
import { ObjectTypeSelect } from "./ObjectTypeSelect";
import { readFlow, type ReadFlow, type Refusal } from "./read-file";

/** A workflow from HubSpot's flow JSON. What Penstock does not know in it is kept, and named before anything is created. */
export function FromFile({ folder, onClose }: { folder: string; onClose: () => void }) {
  const { t } = useTranslation("workflows");
  const types = useObjectTypes();
  const [found, setFound] = useState<ReadFlow>();
  const [fileKey, setFileKey] = useState(0);
  const [refusal, setRefusal] = useState<Refusal>();
  const [name, setName] = useState("");
  const [objectTypeId, setObjectTypeId] = useState("");
  const wanted = name.trim();
  const typeKnown = types.some((type) => type.id === objectTypeId);

  const take = async (file: File | null | undefined) => {
    if (!file) return;
    const read = readFlow(await file.text());
    setRefusal(typeof read === "string" ? read : undefined);
    if (typeof read === "string") return;
    setFound(read);
    setFileKey((key) => key + 1);
    setName((read.name || file.name.replace(/\.json$/i, "")).slice(0, LONGEST_NAME));
    setObjectTypeId(read.objectTypeId);
  };

  const wish = found && wanted && typeKnown ? { name: wanted, objectTypeId, folder, document: found.document } : undefined;
  return (
    <CreateForm wish={wish} onClose={onClose}>
      <DropZone onFile={(file) => void take(file)} compact={found !== undefined} />
      {refusal && (
        <Text size="sm" c="red.8" role="alert">
          {t(`file.refused.${refusal}`)}
        </Text>
      )}
      {found && (
        <Stack gap="md">
          <Text size="sm">{t("file.found", { count: found.steps })}</Text>
          <TextInput label={t("create.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={LONGEST_NAME} autoComplete="off" required />
          <ObjectTypeSelect value={objectTypeId} onChange={setObjectTypeId} error={typeKnown ? undefined : t("file.unknownType", { type: found.objectTypeId })} />
          {typeKnown && <FileProblems document={found.document} fileKey={fileKey} objectTypeId={objectTypeId} />}
        </Stack>
      )}
    </CreateForm>
  );
}

function DropZone({ onFile, compact }: { onFile: (file: File | null | undefined) => void; compact: boolean }) {
  const { t } = useTranslation("workflows");
  const [over, setOver] = useState(false);
  const drag = (inside: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(inside);
  };
  return (
    <div
      className={classes.zone}
      data-over={over}
      data-compact={compact}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event);
        onFile(event.dataTransfer.files[0]);
      }}
    >
      {!compact && <UploadIcon size={22} aria-hidden className={classes.icon} />}
      {!compact && (
        <Text size="sm" c="dimmed" ta="center">
          {t("file.explain")}
        </Text>
      )}
      <FileButton accept="application/json,.json" onChange={onFile} inputProps={{ "aria-label": t("file.label") }}>
        {(props) => (
          <Button variant="default" {...props}>
            {t(compact ? "file.another" : "file.choose")}
          </Button>
        )}
      </FileButton>
    </div>
  );
}
