import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { SucceededIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { LinkButton } from "@/ui/LinkButton";
import { Page } from "@/ui/Page";
import { PageSkeleton } from "@/ui/PageSkeleton";
import { useDelayedFlag } from "@/ui/delayed-flag";
import { useLive } from "../runs/live";
import classes from "./AttentionPage.module.css";
import { GroupCard } from "./GroupCard";
import { attentionKey, attentionQuery } from "./queries";

/** What stands still or went wrong, across workflows, by cause, with the deeds that help. */
export function AttentionPage() {
  const { t } = useTranslation("attention");
  const { data, error, refetch } = useQuery(attentionQuery);
  const waiting = useDelayedFlag(data === undefined && !error);
  useLive({ attention: true }, [attentionKey]);

  return (
    <Page title={t("title")} description={data && data.groups.length > 0 ? t("description") : undefined}>
      {data === undefined ? (
        error ? (
          <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
        ) : (
          waiting && <PageSkeleton />
        )
      ) : data.groups.length === 0 ? (
        <EmptyState
          icon={<SucceededIcon size={28} />}
          title={t("empty.title")}
          text={t("empty.text")}
          action={
            <LinkButton to="/workflows" variant="default">
              {t("empty.action")}
            </LinkButton>
          }
        />
      ) : (
        <ul className={classes.groups} aria-label={t("groups")}>
          {data.groups.map((group) => (
            <li key={group.key}>
              <GroupCard group={group} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
