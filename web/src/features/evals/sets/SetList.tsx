import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { CheckIcon, PlusIcon } from "@/design/icons";
import { useFlowWords } from "@/features/workflows/words";
import { useFormats } from "@/i18n/format";
import { EmptyState } from "@/ui/EmptyState";
import { Moment } from "@/ui/Moment";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill } from "@/ui/StatusPill";
import { Withheld } from "@/ui/Withheld";
import type { EvalSet } from "../queries";
import { SetDialog } from "./SetDialog";

/** The eval sets of a workflow, and the way to another one. */
export function SetList({ flowId, sets }: { flowId: string; sets: readonly EvalSet[] }) {
  const { t } = useTranslation("evals");
  const { may } = useSession();
  const formats = useFormats();
  const words = useFlowWords(flowId);
  const [asking, setAsking] = useState(false);
  const create = (
    <Withheld because={!may("flows.write") && t("set.notAllowed")}>
      <Button variant={sets.length > 0 ? "default" : "filled"} leftSection={<PlusIcon size={16} />} onClick={() => setAsking(true)}>
        {t("set.create")}
      </Button>
    </Withheld>
  );
  return (
    <Section title={t("sets.title")} description={t("sets.description")} actions={sets.length > 0 ? create : undefined}>
      {sets.length === 0 ? (
        <EmptyState icon={<CheckIcon size={28} />} title={t("sets.empty")} text={t("sets.emptyText")} action={create} />
      ) : (
        <SimpleTable
          label={t("sets.title")}
          rows={sets}
          rowKey={(row) => row.id}
          columns={[
            {
              title: t("set.name"),
              cell: (row) => (
                <Link to="/workflows/$flowId/evals" params={{ flowId }} search={{ set: row.id }}>
                  {row.name}
                </Link>
              ),
            },
            { title: t("column.step"), cell: (row) => words.step(row.actionId) ?? row.actionId },
            { title: t("column.cases"), align: "end", titled: true, cell: (row) => formats.number(row.cases) },
            { title: t("column.gate"), cell: (row) => (row.gates ? <StatusPill tone="accent">{t("gate.closedBy", { margin: formats.percent(row.margin) })}</StatusPill> : <StatusPill tone="neutral">{t("gate.open")}</StatusPill>) },
            { title: t("column.made"), cell: (row) => <Moment at={row.createdAt} /> },
          ]}
        />
      )}
      {asking && <SetDialog flowId={flowId} onClose={() => setAsking(false)} />}
    </Section>
  );
}
