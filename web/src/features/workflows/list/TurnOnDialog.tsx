import { Button, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { GateNotice, useGateRefuses } from "@/features/evals/GateNotice";
import { DialogFooter } from "@/ui/DialogFooter";
import { ErrorCard } from "@/ui/ErrorCard";
import { say, sayProblem } from "@/ui/toast";
import { ProblemList } from "../problems/ProblemList";
import { EnrollChoice, NEW_ONLY } from "../publish/EnrollChoice";
import { type FlowRow, turningOnQuery, useActivation } from "../queries";

interface Props {
  row: FlowRow;
  name: string;
  onClose: () => void;
}

/** Says who will come in when a workflow is turned on, or what keeps it from being turned on. */
export function TurnOnDialog({ row, name, onClose }: Props) {
  const { t } = useTranslation("workflows");
  const navigate = useNavigate();
  const [existing, setExisting] = useState(NEW_ONLY);
  const { data, error, refetch } = useQuery(turningOnQuery(row.id));
  const activation = useActivation();
  const [reason, setReason] = useState("");
  const refuses = useGateRefuses(row.id, "live");
  const errors = data?.problems.filter((problem) => problem.severity === "error") ?? [];
  const openEditor = () => void navigate({ to: "/workflows/$flowId", params: { flowId: row.id } });

  const words = (done: { enrolled: number; goesOn: boolean }) =>
    done.goesOn ? t("activation.isOnGoesOn", { name }) : existing.enroll ? t("activation.isOnEnrolled", { name, count: done.enrolled }) : t("activation.isOn", { name });

  const turnOn = () =>
    activation.mutate(
      { flowId: row.id, enabled: true, enrollExisting: existing.enroll, batch: existing.batch, ...(refuses ? { overrideReason: reason.trim() } : {}) },
      {
        onSuccess: (done) => {
          say(words(done));
          onClose();
        },
        onError: (problem) => sayProblem(problem, t("activation.onFailed", { name })),
      },
    );

  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t("activation.onTitle", { name })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <Stack gap="md">
        {error ? (
          <ErrorCard error={error} onRetry={() => void refetch()} />
        ) : data === undefined ? (
          <Skeleton h={72} />
        ) : errors.length > 0 && row.hasDraft ? (
          <Text size="sm">{t("activation.draftFirst")}</Text>
        ) : errors.length > 0 ? (
          <>
            <Text size="sm">{t("activation.blocked", { count: errors.length })}</Text>
            <ProblemList problems={errors} />
          </>
        ) : (
          <>
            {row.hasDraft && <Text size="sm">{t("activation.draftStays")}</Text>}
            <EnrollChoice flowId={row.id} revision="live" matching={data.matching} note={data.note} existing={existing} onExisting={setExisting} perRecordUsd={null} />
            <GateNotice flowId={row.id} revision="live" reason={reason} onReason={setReason} />
          </>
        )}
        <DialogFooter>
          <Button variant="default" onClick={onClose}>
            {t("ui:action.cancel")}
          </Button>
          {errors.length > 0 ? (
            <Button onClick={openEditor}>{t("activation.openEditor")}</Button>
          ) : (
            <Button onClick={turnOn} loading={activation.isPending} disabled={data === undefined || (refuses && !reason.trim())} data-autofocus>
              {t("activation.on")}
            </Button>
          )}
        </DialogFooter>
      </Stack>
    </Modal>
  );
}
