import { Button, Checkbox, Modal, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjectType } from "@/api/object-types";
import { EnrollEstimate } from "@/features/workflows/publish/EnrollEstimate";
import { useFormats } from "@/i18n/format";
import { DialogFooter } from "@/ui/DialogFooter";
import { say, sayProblem } from "@/ui/toast";
import type { Which } from "../contract";
import { flowsForQuery, useEnroll } from "../queries/bulk";
import { examplesQuery, idsOf, MOST_ENROLLED } from "../queries/ids";

interface Props {
  objectType: string;
  which: Which;
  words: string;
  /** How many they are, as far as that is known. */
  number: number;
  onClose: () => void;
  onDone: () => void;
}

/** Puts the chosen records into a workflow, whatever its triggers say. */
export function EnrollDialog({ objectType, which, words, number, onClose, onDone }: Props) {
  const { t } = useTranslation("records");
  const formats = useFormats();
  const type = useObjectType(objectType);
  const { data: flows } = useQuery(flowsForQuery(type.id));
  const [flowId, setFlowId] = useState<string | null>(null);
  const [batch, setBatch] = useState(false);
  const [collecting, setCollecting] = useState(false);
  const enroll = useEnroll();
  const { data: examples } = useQuery(examplesQuery(objectType, which));
  const choices = (flows ?? []).map((flow) => ({ value: flow.id, label: flow.name || t("enroll.unnamed", { id: flow.id }), disabled: !flow.isEnabled }));
  const chosen = flows?.find((flow) => flow.id === flowId);

  const submit = async () => {
    if (!chosen) return;
    setCollecting(true);
    try {
      const recordIds = await idsOf(objectType, which);
      const { enrolled, skipped } = await enroll.mutateAsync({ flowId: chosen.id, recordIds, batch });
      say(t(skipped > 0 ? "enroll.doneSkipped" : "enroll.done", { count: enrolled, shown: formats.number(enrolled), skipped: formats.number(skipped), flow: chosen.name }));
      onDone();
    } catch (error) {
      sayProblem(error, t("enroll.failed"));
    } finally {
      setCollecting(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t("enroll.title")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {words}
          </Text>
          <Select
            label={t("enroll.workflow")}
            description={t("enroll.onlyOn")}
            data={choices}
            value={flowId}
            onChange={setFlowId}
            searchable
            data-autofocus
            placeholder={t("enroll.choose")}
            nothingFoundMessage={t("enroll.none")}
          />
          <Text size="sm" c="dimmed">
            {t("enroll.explained")}
          </Text>
          {"matching" in which && (
            <Text size="sm" c="dimmed">
              {t("enroll.atMost", { shown: formats.number(MOST_ENROLLED) })}
            </Text>
          )}
          <Checkbox
            label={t("enroll.batch")}
            description={t("enroll.batchExplained")}
            checked={batch}
            onChange={(event) => setBatch(event.currentTarget.checked)}
          />
          {chosen && examples && examples.length > 0 && (
            <EnrollEstimate flowId={chosen.id} revision="live" records={Math.min(number, MOST_ENROLLED)} recordIds={examples} batch={batch} />
          )}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={collecting} disabled={!chosen}>
              {t("enroll.submit")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
