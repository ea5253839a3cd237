import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LogsDialog } from "@/features/runs/list/LogsDialog";
import { keepingQuery } from "@/features/runs/queries";
import { Facts } from "@/ui/Facts";
import { Section } from "@/ui/Section";

const PARTS = ["prompts", "replies", "outputs"] as const;

/** How long the logs of the workflow keep what its LLM steps sent and got. */
export function LogsPart({ flowId }: { flowId: string }) {
  const { t } = useTranslation("runs");
  const { data } = useQuery(keepingQuery(flowId));
  const [open, setOpen] = useState(false);
  const kept = (days: number | null) => (days === null ? t("logs.forever") : days === 0 ? t("logs.never") : t("logs.keptDays", { count: days }));
  return (
    <Section
      title={t("logs.title")}
      description={t("logs.explain")}
      actions={
        <Button variant="default" onClick={() => setOpen(true)}>
          {t("logs.change")}
        </Button>
      }
    >
      {data && <Facts facts={PARTS.map((part) => ({ name: t(`logs.${part}`), value: kept(data[part]) }))} />}
      {open && <LogsDialog flowId={flowId} onClose={() => setOpen(false)} />}
    </Section>
  );
}
