import { Button, Center, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { ErrorCard } from "@/ui/ErrorCard";
import { Page } from "@/ui/Page";
import { Section } from "@/ui/Section";
import { BackLink } from "./BackLink";
import classes from "./knowledge.module.css";
import { Passage } from "./Passage";
import { documentQuery, passagesQuery, setQuery } from "./queries";

/** A document as it was read and cut: its passages in order. */
export function DocumentPage() {
  const { t } = useTranslation("knowledge");
  const formats = useFormats();
  const { setId, documentId } = useParams({ from: "/app/settings/knowledge/$setId/documents/$documentId" });
  const { data: set } = useQuery(setQuery(setId));
  const { data: document, error } = useQuery(documentQuery(setId, documentId));
  const { data, error: failed, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(passagesQuery(setId, documentId));
  const passages = data?.pages.flatMap((page) => page.results);
  const before = (
    <BackLink to="/settings/knowledge/$setId" params={{ setId }}>
      {set?.name ?? t("title")}
    </BackLink>
  );
  return (
    <Page title={document?.name ?? t("column.document")} before={before} description={document && t("documentFacts", { version: document.version, by: document.addedBy, at: formats.moment(document.addedAt) })}>
      {(error ?? failed) ? (
        <ErrorCard error={error ?? failed} title={t("loadFailed")} onRetry={() => void refetch()} />
      ) : passages === undefined ? (
        <Skeleton h={240} radius="lg" />
      ) : (
        <Section title={t("passages", { count: document?.passages ?? passages.length })} description={t("passagesHint")}>
          <ol className={classes.passages} aria-label={t("column.passages")}>
            {passages.map((passage) => (
              <Passage key={passage.id} setId={setId} passage={passage} />
            ))}
          </ol>
          {hasNextPage && (
            <Center mt="sm">
              <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t("ui:action.loadMore")}
              </Button>
            </Center>
          )}
        </Section>
      )}
    </Page>
  );
}
