import { Button, Modal, Radio, Stack, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConnectionSelect } from "@/features/editor/llm/ConnectionSelect";
import { ModelSelect } from "@/features/editor/llm/ModelSelect";
import { DialogFooter } from "@/ui/DialogFooter";
import { sayProblem } from "@/ui/toast";
import { type EvalSet, useStartRun } from "../queries";

interface Props {
  set: EvalSet;
  onBegun: (runId: string) => void;
  onClose: () => void;
}

/** Asks what to run the cases on: what is edited or what is live, with the step's model or another one. */
export function RunDialog({ set, onBegun, onClose }: Props) {
  const { t } = useTranslation("evals");
  const [live, setLive] = useState(false);
  const [other, setOther] = useState<{ connectionId: string; model: string }>();
  const start = useStartRun();
  const begin = () =>
    start.mutate(
      { evalSetId: set.id, ...(live ? { revision: "live" } : {}), ...other },
      {
        onSuccess: ({ id }) => {
          onBegun(id);
          onClose();
        },
        onError: (problem) => sayProblem(problem, t("run.failed")),
      },
    );
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t("run.begin")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <Stack gap="md">
          <Radio.Group label={t("run.on")} value={live ? "live" : "edited"} onChange={(value) => setLive(value === "live")}>
            <Stack gap="xs" mt="xs">
              <Radio size="xs" value="edited" label={t("run.edited")} />
              <Radio size="xs" value="live" label={t("run.live")} />
            </Stack>
          </Radio.Group>
          <Switch label={t("run.otherModel")} description={t("run.otherModelHint")} checked={other !== undefined} onChange={(event) => setOther(event.currentTarget.checked ? { connectionId: "", model: "" } : undefined)} />
          {other && (
            <>
              <ConnectionSelect value={other.connectionId} provider="" onChange={({ id, moved }) => setOther({ connectionId: id, model: moved ? "" : other.model })} attention={(name, detail) => t("judge.attention", { name, detail })} disabled={false} />
              <ModelSelect connectionId={other.connectionId} value={other.model} onChange={(model) => setOther({ ...other, model })} disabled={false} />
            </>
          )}
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={start.isPending} disabled={other !== undefined && (!other.connectionId || !other.model)}>
              {t("run.begin")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
