import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { PlusIcon } from "@/design/icons";
import { ErrorCard } from "@/ui/ErrorCard";
import { later } from "@/ui/later";
import { Page } from "@/ui/Page";
import { Withheld } from "@/ui/Withheld";
import { overviewQuery } from "../queries";
import { Folders } from "./Folders";
import { FlowTable } from "./FlowTable";
import { ListToolbar } from "./ListToolbar";
import { NoFlows } from "./NoFlows";
import type { Creating, ListSearch } from "./search";
import classes from "./WorkflowsPage.module.css";

const CreateDialog = later(async () => (await import("../create/CreateDialog")).CreateDialog);

const route = getRouteApi("/app/workflows");

/** All workflows: what is on, what came in, what failed, what it cost, who changed it last. */
export function WorkflowsPage() {
  const { t } = useTranslation("workflows");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useSession();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery(overviewQuery(search));
  const rows = data?.pages.flatMap((page) => page.results);
  const folders = data?.pages[0]?.folders ?? [];
  const narrowed = Boolean(search.search || search.state) || search.folder !== undefined;
  const mayWrite = may("flows.write");

  const change = (part: Partial<ListSearch>) => void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  const create = (kind: Creating | undefined) => change({ create: kind });

  const action = (
    <Withheld because={!mayWrite && t("create.refused")}>
      <Button leftSection={<PlusIcon size={15} aria-hidden />} onClick={() => create("scratch")}>
        {t("create.action")}
      </Button>
    </Withheld>
  );

  return (
    <Page title={t("title")} actions={action} flush>
      <ListToolbar search={search} onChange={change} />
      <div className={classes.body}>
        {(folders.length > 0 || search.folder !== undefined) && <Folders folders={folders} search={search} />}
        <div className={classes.list} data-stale={isPlaceholderData}>
          {error && rows === undefined ? (
            <div className={classes.failure}>
              <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
            </div>
          ) : rows?.length === 0 ? (
            <NoFlows narrowed={narrowed} mayWrite={mayWrite} onCreate={create} onClear={() => change({ search: undefined, state: undefined, folder: undefined })} />
          ) : (
            <FlowTable rows={rows} folders={folders} more={hasNextPage ? { loading: isFetchingNextPage, load: () => void fetchNextPage() } : undefined} />
          )}
        </div>
      </div>
      {search.create && mayWrite && <CreateDialog kind={search.create} folder={search.folder ?? ""} onKind={create} onClose={() => create(undefined)} />}
    </Page>
  );
}
