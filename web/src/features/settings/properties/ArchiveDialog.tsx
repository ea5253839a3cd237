import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PropertyDefinition } from "@/api/properties";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { say, sayProblem } from "@/ui/toast";
import { UseList } from "./PropertyTable";
import { useArchiveProperty } from "./queries";
import type { PropertyUse } from "./uses";

interface Props {
  objectType: string;
  property: PropertyDefinition;
  use: PropertyUse | undefined;
  onRestore: () => void;
  onClose: () => void;
}

/** Says what uses a property before it is archived. */
export function ArchiveDialog({ objectType, property, use, onRestore, onClose }: Props) {
  const { t } = useTranslation("properties");
  const archive = useArchiveProperty(objectType);
  const used = use !== undefined && use.flows.length + use.views.length > 0;
  return (
    <ConfirmDialog
      opened
      title={t("archive.title", { label: property.label })}
      confirm={t("archive.action")}
      destructive
      busy={archive.isPending}
      onClose={onClose}
      onConfirm={() =>
        archive.mutate(property, {
          onSuccess: () => {
            onClose();
            say(t("archive.done", { label: property.label }), onRestore);
          },
          onError: (error) => sayProblem(error),
        })
      }
    >
      <Stack gap="sm">
        <Text size="sm">{t("archive.text")}</Text>
        {used ? (
          <>
            <Text size="sm">{t("archive.used")}</Text>
            <UseList use={use} />
          </>
        ) : (
          <Text size="sm">{t("archive.unused")}</Text>
        )}
      </Stack>
    </ConfirmDialog>
  );
}
