import { Button, Group, NumberInput, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { RenameIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { Section } from "@/ui/Section";
import { sayProblem } from "@/ui/toast";
import { type EvalRun, type EvalSet, useSetGate } from "../queries";
import { SetDialog } from "./SetDialog";

/** Whether publishing waits for a set, its baseline and its margin; and who judges. */
export function GateCard({ flowId, set, runs }: { flowId: string; set: EvalSet; runs: readonly EvalRun[] }) {
  const { t } = useTranslation("evals");
  const { may } = useSession();
  const formats = useFormats();
  const [margin, setMargin] = useState(Math.round(set.margin * 1000) / 10);
  const [editing, setEditing] = useState(false);
  const change = useSetGate();
  const locked = !may("flows.publish");
  const baseline = runs.find(({ id }) => id === set.baselineRunId);
  const send = (gates: boolean, percent: number) =>
    change.mutate({ evalSetId: set.id, gates, margin: percent / 100 }, { onError: (problem) => sayProblem(problem, t("gate.failed")) });
  return (
    <Section
      title={set.name}
      description={t("gate.explain")}
      actions={
        may("flows.write") && (
          <Button variant="default" leftSection={<RenameIcon size={16} />} onClick={() => setEditing(true)}>
            {t("set.change")}
          </Button>
        )
      }
    >
      <Group gap="xl" align="flex-end">
        <Switch label={t("gate.wait")} checked={change.isPending ? change.variables.gates : set.gates} disabled={locked} onChange={(event) => send(event.currentTarget.checked, margin)} />
        <NumberInput label={t("gate.margin")} suffix=" %" min={0} max={100} decimalScale={1} w={140} value={margin} disabled={locked} onChange={(value) => setMargin(Number(value) || 0)} />
        {margin / 100 !== set.margin && !locked && (
          <Button variant="default" loading={change.isPending} onClick={() => send(set.gates, margin)}>
            {t("gate.save")}
          </Button>
        )}
        <Text size="sm" c="dimmed">
          {set.baselineRunId
            ? baseline
              ? t("gate.baseline", { id: set.baselineRunId, agreement: formats.percent(baseline.score.checks.agreement) })
              : t("gate.baselineOld", { id: set.baselineRunId })
            : t("gate.noBaseline")}
        </Text>
        {set.judge && (
          <Text size="sm" c="dimmed">
            {t("judge.is", { model: set.judge.model })}
          </Text>
        )}
      </Group>
      {editing && <SetDialog flowId={flowId} set={set} onClose={() => setEditing(false)} />}
    </Section>
  );
}
