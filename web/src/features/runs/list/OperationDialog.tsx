import { Radio, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { say, sayProblem } from "@/ui/toast";
import { findAction } from "../../editor/model/edges";
import { asDocument } from "../../editor/model/types";
import { exitsToChoose } from "../page/exits";
import { flowQuery, type OperationWish, useOperation } from "../queries";
import { type RevisionToTake, revisionFor } from "../revision";

/** What is to be done with which runs; the dialog adds how. */
export type Offer = Pick<OperationWish, "flowId" | "operation" | "standing" | "actionId" | "errorCode">;

/** Says what an operation on all runs of a kind does, asks how, and begins it. */
export function OperationDialog({ offer, onClose }: { offer: Offer; onClose: () => void }) {
  const { t } = useTranslation("runs");
  const operate = useOperation();
  const { data: flow } = useQuery(flowQuery(offer.flowId));
  const [revision, setRevision] = useState(revisionFor(offer.errorCode));
  const [branch, setBranch] = useState<string | null>(null);
  const action = offer.actionId ? findAction(asDocument(flow as Json | undefined), offer.actionId) : undefined;
  const exits = offer.operation === "skip" && action ? exitsToChoose(action, { default: t("exit.default"), answered: t("editor:path.answered"), failed: t("editor:path.failed") }) : [];
  const words = `operation.${offer.operation}` as const;

  return (
    <ConfirmDialog
      opened
      title={t(`${words}.title`)}
      confirm={t(`${words}.confirm`)}
      destructive={offer.operation === "cancel"}
      busy={operate.isPending}
      onClose={onClose}
      onConfirm={() => {
        if (exits.length > 0 && branch === null) return;
        operate.mutate(
          { ...offer, ...(offer.operation === "retry" ? { revision } : {}), ...(branch === null ? {} : { branch }) },
          {
            onSuccess: () => {
              say(t(`${words}.begun`));
              onClose();
            },
            onError: (error) => sayProblem(error, t(`${words}.failed`)),
          },
        );
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t(`${words}.text`)}</Text>
        {offer.operation === "retry" && (
          <Radio.Group value={revision} onChange={(value) => setRevision(value as RevisionToTake)} label={t("revision.label")}>
            <Stack gap={6} mt={6}>
              <Radio value="same" label={t("revision.same")} />
              <Radio value="current" label={t("revision.current")} />
            </Stack>
          </Radio.Group>
        )}
        {exits.length > 0 && <Select label={t("exit.label")} placeholder={t("exit.choose")} data={exits} value={branch} onChange={setBranch} required allowDeselect={false} />}
      </Stack>
    </ConfirmDialog>
  );
}
