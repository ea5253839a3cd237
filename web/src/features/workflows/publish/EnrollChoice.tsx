import { Checkbox, Radio, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { Matching } from "../queries";
import { EnrollEstimate } from "./EnrollEstimate";
import { estimateQuery } from "./queries";

/** Whether the records that meet the criteria already come in too, and whether they go through a batch. */
export interface Existing {
  enroll: boolean;
  batch: boolean;
}

export const NEW_ONLY: Existing = { enroll: false, batch: false };

interface Props {
  flowId: string;
  /** Which document they would go through: the draft where there is one, or what is live already. */
  revision?: "live";
  matching: Matching | null;
  /** Why nobody can tell who matches; of the server, where `matching` is null. */
  note: string;
  existing: Existing;
  onExisting: (existing: Existing) => void;
  perRecordUsd: string | null;
}

/** Asks whether only records that newly meet the criteria come in, or those that meet them already too. */
export function EnrollChoice({ flowId, revision, matching, note, existing, onExisting, perRecordUsd }: Props) {
  const { t } = useTranslation("workflows");
  const formats = useFormats();
  if (!matching) {
    return (
      <Text size="sm" c="dimmed">
        {note}
      </Text>
    );
  }
  if (matching.exact && matching.count === 0) return <Text size="sm">{t("enroll.nobody")}</Text>;
  const about = matching.exact ? matching.count : (matching.estimate ?? undefined);
  const number = matching.exact ? formats.number(matching.count) : t("atLeast", { number: formats.number(matching.count) });
  const words = matching.exact ? t("enroll.existing", { count: matching.count, number }) : about === undefined ? t("enroll.existing", { count: matching.count, number }) : t("enroll.existingAbout", { number: formats.number(about) });
  const cost = perRecordUsd !== null && about !== undefined && Number(perRecordUsd) > 0 ? t("enroll.cost", { usd: formats.money(Number(perRecordUsd) * about) }) : undefined;

  return (
    <Radio.Group label={t("enroll.label")} value={existing.enroll ? "existing" : "new"} onChange={(value) => onExisting(value === "existing" ? { ...existing, enroll: true } : NEW_ONLY)}>
      <Stack gap="xs" mt="xs">
        <Radio size="xs" value="new" label={t("enroll.new")} description={t("enroll.newHint")} />
        <Radio size="xs" value="existing" label={words} description={cost ?? t("enroll.existingHint")} />
        {existing.enroll && <BatchChoice flowId={flowId} revision={revision} batch={existing.batch} onBatch={(batch) => onExisting({ enroll: true, batch })} />}
        {existing.enroll && <EnrollEstimate flowId={flowId} revision={revision} batch={existing.batch} />}
      </Stack>
    </Radio.Group>
  );
}

interface BatchProps {
  flowId: string;
  revision: "live" | undefined;
  batch: boolean;
  onBatch: (batch: boolean) => void;
}

/** Offers the batch price where a step of the workflow can have it. */
function BatchChoice({ flowId, revision, batch, onBatch }: BatchProps) {
  const { t } = useTranslation("workflows");
  const { data } = useQuery(estimateQuery(flowId, { revision, batch: false }));
  if (!data?.hasBatches) return null;
  return <Checkbox size="xs" label={t("enroll.batch")} description={t("enroll.batchHint")} checked={batch} onChange={(event) => onBatch(event.currentTarget.checked)} />;
}
