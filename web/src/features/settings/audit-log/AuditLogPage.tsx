import { Button, Center } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { HistoryIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { Page } from "@/ui/Page";
import { Section } from "@/ui/Section";
import { AuditFilters } from "./AuditFilters";
import { AuditTable } from "./AuditTable";
import { auditQuery } from "./queries";

/** Settings > Audit log: who did what to which thing, when and from where. */
export function AuditLogPage() {
  const { t } = useTranslation("audit");
  const { may } = useSession();
  const search = useSearch({ from: "/app/settings/audit-log" });
  const navigate = useNavigate({ from: "/settings/audit-log" });
  const reads = may("audit.read");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({ ...auditQuery(search), enabled: reads });
  const entries = data?.pages.flatMap((page) => page.results);
  if (!reads) {
    return (
      <Page title={t("title")}>
        <EmptyState icon={<HistoryIcon size={24} />} title={t("refused")} text={t("refusedText")} />
      </Page>
    );
  }
  return (
    <Page title={t("title")} description={t("description")}>
      <Section title={t("entries")} actions={<AuditFilters search={search} onChange={(next) => void navigate({ search: next, replace: true })} />}>
        {error ? (
          <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
        ) : entries?.length === 0 ? (
          <EmptyState
            icon={<HistoryIcon size={24} />}
            title={t("none")}
            text={t("noneText")}
            action={
              <Button variant="default" onClick={() => void navigate({ search: {}, replace: true })}>
                {t("filter.clear")}
              </Button>
            }
          />
        ) : (
          <AuditTable entries={entries} />
        )}
        {hasNextPage && (
          <Center mt="sm">
            <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t("ui:action.loadMore")}
            </Button>
          </Center>
        )}
      </Section>
    </Page>
  );
}
