import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { estimateQuery } from "./queries";

/** What enrolling the records that meet the criteria already would cost, and how long the limits make it take. */
export function EnrollEstimate({ flowId, revision }: { flowId: string; revision?: "live" | undefined }) {
  const { t } = useTranslation("workflows");
  const formats = useFormats();
  const { data, error } = useQuery(estimateQuery(flowId, revision));
  if (error) return null;
  if (!data) return <Skeleton h={16} w="60%" />;
  if (data.records === null || data.calls === 0) return null;
  const known = data.p50Usd !== null && data.p95Usd !== null;
  return (
    <div role="status">
      <Text size="sm">
        {known ? t("enroll.estimate", { usual: formats.money(Number(data.p50Usd)), dear: formats.money(Number(data.p95Usd)), calls: formats.number(data.calls), time: formats.duration(Math.ceil(data.seconds)) }) : t("enroll.estimateUnknown", { calls: formats.number(data.calls), time: formats.duration(Math.ceil(data.seconds)) })}
      </Text>
      <Text size="xs" c="dimmed">
        {t("enroll.estimateFrom", { count: data.sample, number: formats.number(data.sample) })} {data.note}
      </Text>
    </div>
  );
}
