import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { type Estimated, estimateQuery } from "./queries";

/** What enrolling records would cost, and how long the limits make it take; by default those that meet the criteria already. */
export function EnrollEstimate({ flowId, ...whom }: { flowId: string } & Estimated) {
  const { t } = useTranslation("workflows");
  const formats = useFormats();
  const { data, error } = useQuery(estimateQuery(flowId, whom));
  if (error) return null;
  if (!data) return <Skeleton h={16} w="60%" />;
  if (data.records === null || data.calls === 0) return null;
  const work = { calls: t("enroll.estimateCalls", { count: data.calls, number: formats.number(data.calls) }), tokens: formats.number(data.inputTokens) };
  const known = data.p50Usd !== null && data.p95Usd !== null;
  return (
    <div role="status">
      <Text size="sm">
        {known ? t("enroll.estimate", { ...work, usual: formats.money(Number(data.p50Usd)), dear: formats.money(Number(data.p95Usd)) }) : t("enroll.estimateUnknown", work)}
        {data.seconds > 0 && ` ${t("enroll.estimateTime", { time: formats.duration(Math.ceil(data.seconds)) })}`}
      </Text>
      <Text size="xs" c="dimmed">
        {t("enroll.estimateFrom", { count: data.sample, number: formats.number(data.sample) })} {data.note}
      </Text>
    </div>
  );
}
