import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { TestIcon } from "@/design/icons";
import { ErrorCard } from "@/ui/ErrorCard";
import { Withheld } from "@/ui/Withheld";
import { RecordPicker } from "../panel/forms/RecordPicker";
import { useSampleRecord } from "../panel/forms/sample-record";
import { testFlow } from "../queries";
import { useEditor, useEditorStore } from "../store/context";
import { TestResult } from "./TestResult";

/** Walks one record through the workflow as it stands here. Models are asked; nothing is written or sent. */
export function TestDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const objectType = useEditor((state) => state.document.objectTypeId ?? "");
  const { record } = useSampleRecord(objectType);
  const test = useMutation({ mutationFn: (recordId: string) => testFlow(store.getState().flowId, store.getState().document, recordId) });
  return (
    <Modal opened onClose={onClose} size={680} title={<Text fw={600}>{t("test.title")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <Stack gap="md">
        <Text c="dimmed" size="sm">
          {t("test.text")}
        </Text>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (record) test.mutate(record.id);
          }}
        >
          <Group gap="xs" wrap="nowrap" align="flex-start" grow preventGrowOverflow={false}>
            <RecordPicker objectType={objectType} label={t("test.record")} />
            <Withheld because={!record && t("forms:test.noRecord")}>
              <Button type="submit" size="sm" leftSection={<TestIcon size={15} />} loading={test.isPending} flex="none">
                {t("test.run")}
              </Button>
            </Withheld>
          </Group>
        </form>
        {test.error && <ErrorCard error={test.error} title={t("test.failed")} />}
        {test.data && <TestResult result={test.data} />}
      </Stack>
    </Modal>
  );
}
