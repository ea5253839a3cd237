import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { KnowledgeIcon, PlusIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { Moment } from "@/ui/Moment";
import { Page } from "@/ui/Page";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import classes from "./knowledge.module.css";
import { type KnowledgeSet, setsQuery } from "./queries";
import { SetDialog } from "./SetDialog";

/** Settings > Knowledge: the sets of documents that LLM steps answer from. */
export function KnowledgePage() {
  const { t } = useTranslation("knowledge");
  const formats = useFormats();
  const navigate = useNavigate();
  const { may } = useSession();
  const { data, error, refetch } = useQuery(setsQuery);
  const [creating, setCreating] = useState(false);
  const create = may("knowledge.write") && (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => setCreating(true)}>
      {t("create.open")}
    </Button>
  );
  return (
    <Page title={t("title")} description={t("description")} actions={data && data.results.length > 0 && create}>
      {error ? (
        <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
      ) : data?.results.length === 0 ? (
        <EmptyState icon={<KnowledgeIcon size={24} />} title={t("empty.title")} text={t("empty.text")} action={create} />
      ) : (
        <Section title={t("sets")}>
          <SimpleTable<KnowledgeSet>
            label={t("sets")}
            rows={data?.results}
            rowKey={(set) => set.id}
            columns={[
              {
                title: t("column.name"),
                cell: (set) => (
                  <>
                    <Link to="/settings/knowledge/$setId" params={{ setId: set.id }} className={classes.name}>
                      {set.name}
                    </Link>
                    {set.description && <p className={classes.hint}>{set.description}</p>}
                  </>
                ),
              },
              { title: t("column.language"), width: "130px", cell: (set) => t(`language.${set.language}`) },
              { title: t("column.documents"), width: "110px", align: "end", titled: true, cell: (set) => formats.number(set.documents) },
              { title: t("column.passages"), width: "110px", align: "end", titled: true, cell: (set) => formats.number(set.passages) },
              { title: t("column.changed"), width: "150px", cell: (set) => <Moment at={set.changedAt} relative /> },
            ]}
          />
        </Section>
      )}
      {creating && (
        <SetDialog languages={data?.languages ?? []} onClose={() => setCreating(false)} onCreated={(setId) => void navigate({ to: "/settings/knowledge/$setId", params: { setId } })} />
      )}
    </Page>
  );
}
