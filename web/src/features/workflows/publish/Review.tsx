import { Alert, Button, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { WarningIcon } from "@/design/icons";
import { GateNotice, useGateRefuses } from "@/features/evals/GateNotice";
import { HoldingCaps } from "@/features/spend/caps/HoldingCaps";
import { DialogFooter } from "@/ui/DialogFooter";
import { ErrorCard } from "@/ui/ErrorCard";
import { Withheld } from "@/ui/Withheld";
import { useBoundedCount } from "../bounded-count";
import { DifferencesView } from "../differences/DifferencesView";
import { ProblemList } from "../problems/ProblemList";
import { useFlowWords } from "../words";
import { CostEstimate } from "./CostEstimate";
import { EnrollChoice, type Existing, NEW_ONLY } from "./EnrollChoice";
import type { PublicationPreview } from "./queries";

interface Props {
  flowId: string;
  preview: PublicationPreview;
  /** Another draft stands on the server than the one that the editor shows. */
  movedOn: boolean;
  busy: boolean;
  /** Why publishing failed. */
  problem: unknown;
  onAgain: () => void;
  onJump: (path: string) => void;
  onSubmit: (enable: boolean | null, existing: Existing, overrideReason?: string) => void;
  onClose: () => void;
}

/** More changed steps than this begin folded. */
const FOLD_ABOVE = 3;

/** The review itself: problems, changes, records, cost. */
export function Review({ flowId, preview, movedOn, busy, problem, onAgain, onJump, onSubmit, onClose }: Props) {
  const { t } = useTranslation("workflows");
  const { may } = useSession();
  const count = useBoundedCount();
  const words = useFlowWords(flowId);
  const [existing, setExisting] = useState(NEW_ONLY);
  const [reason, setReason] = useState("");
  const refuses = useGateRefuses(flowId);
  const errors = preview.problems.filter((one) => one.severity === "error");
  const warnings = preview.problems.filter((one) => one.severity === "warning");
  const { steps, settings } = preview.differences;
  const isDraft = preview.version > 0;
  const overtaken = isDraft && preview.baseRevisionId !== preview.liveRevisionId;
  const because = !may("flows.publish") ? t("publish.refused") : errors.length > 0 ? t("publish.blocked", { count: errors.length }) : movedOn ? t("publish.movedOn") : refuses === true && !reason.trim() && t("evals:gate.blocked");
  const { inside } = preview;

  return (
    <Stack gap="lg">
      {movedOn && (
        <Alert color="yellow" icon={<WarningIcon />} title={t("publish.movedOnTitle")}>
          {t("publish.movedOn")}
        </Alert>
      )}
      {overtaken && !movedOn && (
        <Alert color="yellow" icon={<WarningIcon />} title={t("publish.overtakenTitle", { revision: preview.liveRevisionId })}>
          {t("publish.overtaken", { base: preview.baseRevisionId, revision: preview.liveRevisionId })}
        </Alert>
      )}
      {errors.length > 0 && (
        <section>
          <Title order={3}>{t("publish.errors", { count: errors.length })}</Title>
          <Text size="sm" c="dimmed" mb="xs">
            {t("publish.errorsHint")}
          </Text>
          <ProblemList problems={errors} where={(one) => words.stepAt(one.path)} onJump={onJump} />
        </section>
      )}
      {warnings.length > 0 && (
        <section>
          <Title order={3} mb="xs">
            {t("publish.warnings", { count: warnings.length })}
          </Title>
          <ProblemList problems={warnings} where={(one) => words.stepAt(one.path)} onJump={onJump} />
        </section>
      )}
      <section>
        <Title order={3} mb="xs">
          {t("publish.changes", { revision: preview.liveRevisionId })}
        </Title>
        {steps.length + settings.length > 0 ? (
          <DifferencesView differences={preview.differences} words={words} folded={steps.length > FOLD_ABOVE} />
        ) : (
          <Text size="sm" c="dimmed">
            {t(isDraft ? "publish.sameDraft" : "publish.noDraft")}
          </Text>
        )}
      </section>
      {errors.length === 0 && (
        <section>
          <Title order={3} mb="xs">
            {t("publish.records")}
          </Title>
          <Stack gap="sm">
            {isDraft && inside.count > 0 && <Text size="sm">{t("publish.inside", { count: inside.count, number: count(inside), revision: preview.liveRevisionId })}</Text>}
            <EnrollChoice flowId={flowId} matching={preview.matching} note={preview.matchingNote} existing={existing} onExisting={setExisting} perRecordUsd={preview.cost.perRecordUsd} />
            <CostEstimate preview={preview} />
          </Stack>
        </section>
      )}
      {errors.length === 0 && (
        <section aria-label={t("publish.spending")}>
          <Title order={3} mb="xs">
            {t("publish.spending")}
          </Title>
          <Stack gap="sm">
            <HoldingCaps flowId={flowId} nameOf={words.step} />
          </Stack>
        </section>
      )}
      {errors.length === 0 && <GateNotice flowId={flowId} reason={reason} onReason={setReason} />}
      {problem !== null && <ErrorCard error={problem} title={t("publish.failed")} onRetry={onAgain} />}
      <DialogFooter>
        <Button variant="default" onClick={onClose}>
          {t("ui:action.cancel")}
        </Button>
        <Submits preview={preview} because={because} busy={busy} overtaken={overtaken} onSubmit={(enable) => onSubmit(enable, enable === false ? NEW_ONLY : existing, refuses ? reason.trim() : undefined)} />
      </DialogFooter>
    </Stack>
  );
}

interface SubmitsProps {
  preview: PublicationPreview;
  /** Why it cannot be published now. */
  because: string | false;
  busy: boolean;
  overtaken: boolean;
  onSubmit: (enable: boolean | null) => void;
}

function Submits({ preview, because, busy, overtaken, onSubmit }: SubmitsProps) {
  const { t } = useTranslation("workflows");
  if (preview.version === 0) {
    if (preview.isEnabled) return null;
    return (
      <Withheld because={because}>
        <Button loading={busy} onClick={() => onSubmit(true)}>
          {t("publish.turnOn")}
        </Button>
      </Withheld>
    );
  }
  if (preview.isEnabled) {
    return (
      <Withheld because={because}>
        <Button loading={busy} onClick={() => onSubmit(null)}>
          {overtaken ? t("publish.over", { revision: preview.liveRevisionId }) : t("publish.submit")}
        </Button>
      </Withheld>
    );
  }
  return (
    <>
      <Withheld because={because}>
        <Button variant="default" loading={busy} onClick={() => onSubmit(false)}>
          {t("publish.leaveOff")}
        </Button>
      </Withheld>
      <Withheld because={because}>
        <Button loading={busy} onClick={() => onSubmit(true)}>
          {t("publish.andTurnOn")}
        </Button>
      </Withheld>
    </>
  );
}
