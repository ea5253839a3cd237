import { Button, Center, SegmentedControl, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { KeyIcon, PlusIcon } from "@/design/icons";
import { Copyable } from "@/ui/Copyable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { Page } from "@/ui/Page";
import { Section } from "@/ui/Section";
import { CreateTokenDialog } from "./CreateTokenDialog";
import { type ApiToken, stateOf, tokensQuery } from "./queries";
import { RevokeTokenDialog } from "./RevokeTokenDialog";
import { TokenTable } from "./TokenTable";

/** Settings > API tokens: what programs may do in this workspace, and when they last did. */
export function ApiTokensPage() {
  const { t } = useTranslation("tokens");
  const { may } = useSession();
  const manages = may("tokens.manage");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({ ...tokensQuery, enabled: manages });
  const [shown, setShown] = useState("active");
  const [creating, setCreating] = useState(false);
  const [leaving, setLeaving] = useState<ApiToken>();
  const all = data?.pages.flatMap((page) => page.results);
  const tokens = all?.filter((token) => shown === "all" || stateOf(token) === "active");

  const create = (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => setCreating(true)}>
      {t("create.open")}
    </Button>
  );
  if (!manages) {
    return (
      <Page title={t("title")}>
        <EmptyState icon={<KeyIcon size={24} />} title={t("refused")} text={t("refusedText")} />
      </Page>
    );
  }
  return (
    <Page title={t("title")} description={t("description")} actions={all && all.length > 0 && create}>
      {error ? (
        <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
      ) : all?.length === 0 ? (
        <EmptyState icon={<KeyIcon size={24} />} title={t("empty.title")} text={t("empty.text")} action={create} />
      ) : (
        <Section
          title={t("issued")}
          actions={
            <SegmentedControl
              aria-label={t("show.label")}
              value={shown}
              onChange={setShown}
              data={[
                { value: "active", label: t("show.active") },
                { value: "all", label: t("show.all") },
              ]}
            />
          }
        >
          {tokens?.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t("noneActive")}
            </Text>
          ) : (
            <TokenTable tokens={tokens} onRevoke={setLeaving} />
          )}
          {hasNextPage && (
            <Center mt="sm">
              <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t("ui:action.loadMore")}
              </Button>
            </Center>
          )}
        </Section>
      )}
      <Section title={t("mcp.title")} description={t("mcp.description")}>
        <Copyable text={`${window.location.origin}/mcp`} />
      </Section>
      {creating && <CreateTokenDialog onClose={() => setCreating(false)} />}
      {leaving && <RevokeTokenDialog token={leaving} onClose={() => setLeaving(undefined)} />}
    </Page>
  );
}
