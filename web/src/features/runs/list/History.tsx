import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { RunsIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { LinkButton } from "@/ui/LinkButton";
import { Button } from "@mantine/core";
import { runsQuery } from "../queries";
import { HistoryRow } from "./HistoryRow";
import { HistoryToolbar } from "./HistoryToolbar";
import { LikeThis } from "./LikeThis";
import { ListTable } from "./ListTable";
import { isNarrowed, type RunsSearch } from "./search";

interface Props {
  flowId: string;
  search: RunsSearch;
  onChange: (part: Partial<RunsSearch>) => void;
}

const COLUMNS = ["record", "state", "where", "enrolled", "took"] as const;

/** Enrollment history: each record's passage through the workflow. */
export function History({ flowId, search, onChange }: Props) {
  const { t } = useTranslation("runs");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery(runsQuery(flowId, search));
  const rows = data?.pages.flatMap((page) => page.results);
  const narrowed = isNarrowed({ ...search, step: undefined });

  return (
    <>
      <HistoryToolbar flowId={flowId} search={search} onChange={onChange} />
      <LikeThis flowId={flowId} search={search} shown={rows?.length ?? 0} />
      <ListTable
        label={t("view.history")}
        columns={COLUMNS.map((column) => t(`column.${column}`))}
        stale={isPlaceholderData}
        rows={rows}
        row={(run) => <HistoryRow key={run.id} run={run} />}
        more={hasNextPage ? { loading: isFetchingNextPage, load: () => void fetchNextPage() } : undefined}
        failure={error && <ErrorCard error={error} title={t("listFailed")} onRetry={() => void refetch()} />}
        empty={
          narrowed ? (
            <EmptyState
              icon={<RunsIcon size={28} />}
              title={t("empty.narrowed")}
              text={t("empty.narrowedText")}
              action={<Button onClick={() => onChange({ status: undefined, action: undefined, code: undefined, from: undefined, to: undefined })}>{t("filter.clear")}</Button>}
            />
          ) : (
            <EmptyState
              icon={<RunsIcon size={28} />}
              title={t("empty.runs")}
              text={t("empty.runsText")}
              action={
                <LinkButton to="/workflows/$flowId" params={{ flowId }}>
                  {t("empty.openEditor")}
                </LinkButton>
              }
            />
          )
        }
      />
    </>
  );
}
