import { Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CREATING, type Creating } from "../list/search";
import { FromFile } from "./FromFile";
import { FromScratch } from "./FromScratch";
import { FromTemplate } from "./FromTemplate";

interface Props {
  kind: Creating;
  /** The folder that the new workflow goes into; "" for none. */
  folder: string;
  onKind: (kind: Creating) => void;
  onClose: () => void;
}

/** Begins a workflow: from scratch, from a template, or from a file. It opens in the editor, turned off. */
export function CreateDialog({ kind, folder, onKind, onClose }: Props) {
  const { t } = useTranslation("workflows");
  const part = { folder, onClose };
  return (
    <Modal opened size="lg" onClose={onClose} title={<Text fw={600}>{t("create.title")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <Stack gap="md">
        <SegmentedControl
          fullWidth
          aria-label={t("create.how")}
          value={kind}
          onChange={(chosen) => onKind(chosen as Creating)}
          data={CREATING.map((one) => ({ value: one, label: t(`create.from.${one}`) }))}
        />
        {kind === "scratch" && <FromScratch {...part} />}
        {kind === "template" && <FromTemplate {...part} />}
        {kind === "file" && <FromFile {...part} />}
      </Stack>
    </Modal>
  );
}
