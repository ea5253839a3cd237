import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Facts } from "@/ui/Facts";
import type { PublicationPreview } from "./queries";

/** What a record costs on its way, and a month like the last one; or why that is not known. */
export function CostEstimate({ preview }: { preview: PublicationPreview }) {
  const { t } = useTranslation("workflows");
  const formats = useFormats();
  const { cost, monthlyUsd, enrolledLast30Days } = preview;
  if (cost.perRecordUsd === null) {
    return (
      <Text size="sm" c="dimmed">
        {t("cost.unknown", { note: cost.note })}
      </Text>
    );
  }
  return (
    <div>
      <Facts
        facts={[
          { name: t("cost.perRecord"), value: t("cost.about", { usd: formats.money(Number(cost.perRecordUsd)) }) },
          { name: t("cost.perMonth"), value: t("cost.about", { usd: formats.money(Number(monthlyUsd ?? 0)) }) },
        ]}
      />
      <Text size="xs" c="dimmed" mt={4}>
        {t("cost.rate", { count: enrolledLast30Days, number: formats.number(enrolledLast30Days) })} {cost.note}
      </Text>
    </div>
  );
}
