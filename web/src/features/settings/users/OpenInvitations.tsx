import { Button, Center } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { ErrorCard } from "@/ui/ErrorCard";
import { Moment } from "@/ui/Moment";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill } from "@/ui/StatusPill";
import { say, sayProblem } from "@/ui/toast";
import { type Invitation, invitationsQuery, useWithdrawInvitation } from "./queries";

/** Who is invited and has not joined yet; nothing at all while nobody is. */
export function OpenInvitations() {
  const { t } = useTranslation("users");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(invitationsQuery);
  const [leaving, setLeaving] = useState<Invitation>();
  const withdraw = useWithdrawInvitation();
  const open = data?.pages.flatMap((page) => page.results) ?? [];
  if (error) return <ErrorCard error={error} title={t("invitations.loadFailed")} onRetry={() => void refetch()} />;
  if (open.length === 0) return null;

  return (
    <Section title={t("invitations.title")} description={t("invitations.text")}>
      <SimpleTable<Invitation>
        label={t("invitations.title")}
        minWidth={720}
        rows={open}
        rowKey={(invitation) => invitation.id}
        columns={[
          { title: t("column.email"), cell: (invitation) => invitation.email },
          { title: t("column.role"), width: "120px", cell: (invitation) => t(`role.${invitation.role}.name`) },
          { title: t("column.invitedBy"), width: "180px", cell: (invitation) => invitation.createdBy },
          {
            title: t("column.validUntil"),
            width: "180px",
            cell: (invitation) =>
              invitation.expired ? <StatusPill tone="warning">{t("invitations.expired")}</StatusPill> : <Moment at={invitation.expiresAt} />,
          },
          {
            title: "",
            width: "110px",
            align: "end",
            cell: (invitation) => (
              <Button variant="default" aria-label={t("invitations.withdrawOf", { email: invitation.email })} onClick={() => setLeaving(invitation)}>
                {t("invitations.withdraw")}
              </Button>
            ),
          },
        ]}
      />
      {hasNextPage && (
        <Center mt="sm">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("ui:action.loadMore")}
          </Button>
        </Center>
      )}
      <ConfirmDialog
        opened={leaving !== undefined}
        title={t("invitations.withdrawTitle", { email: leaving?.email })}
        confirm={t("invitations.withdraw")}
        busy={withdraw.isPending}
        onClose={() => setLeaving(undefined)}
        onConfirm={() => {
          if (!leaving) return;
          withdraw.mutate(leaving, {
            onSuccess: () => say(t("invitations.withdrawn", { email: leaving.email })),
            onError: (problem) => sayProblem(problem),
            onSettled: () => setLeaving(undefined),
          });
        }}
      >
        {t("invitations.withdrawText")}
      </ConfirmDialog>
    </Section>
  );
}
