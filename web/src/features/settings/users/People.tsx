import { Button, Center, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { ErrorCard } from "@/ui/ErrorCard";
import { Moment } from "@/ui/Moment";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill } from "@/ui/StatusPill";
import { ChangeRoleDialog } from "./ChangeRoleDialog";
import { DeactivateDialog } from "./DeactivateDialog";
import { type PersonDeed, PersonMenu } from "./PersonMenu";
import { nameOf, type User, usersQuery } from "./queries";
import { ResetLinkDialog } from "./ResetLinkDialog";

/** Everybody of the workspace, with what one can do about each. */
export function People() {
  const { t } = useTranslation("users");
  const { user: me, may } = useSession();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(usersQuery);
  const [chosen, setChosen] = useState<{ user: User; deed: PersonDeed }>();
  const people = data?.pages.flatMap((page) => page.results);
  const close = () => setChosen(undefined);

  return (
    <Section title={t("people")}>
      {error ? (
        <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
      ) : (
        <SimpleTable<User>
          label={t("people")}
          minWidth={680}
          rows={people}
          rowKey={(user) => user.id}
          columns={[
            { title: t("column.person"), cell: (user) => <Person user={user} own={user.id === me?.id} /> },
            { title: t("column.role"), width: "120px", cell: (user) => t(`role.${user.role}.name`) },
            { title: t("column.state"), width: "150px", cell: (user) => <State user={user} /> },
            {
              title: t("column.lastSignIn"),
              width: "150px",
              cell: (user) => (user.lastSignedInAt ? <Moment at={user.lastSignedInAt} relative /> : <Text size="sm" c="dimmed">{t("never")}</Text>),
            },
            {
              title: "",
              width: "48px",
              align: "end",
              cell: (user) => may("users.manage") && <PersonMenu user={user} onChoose={(deed) => setChosen({ user, deed })} />,
            },
          ]}
        />
      )}
      {hasNextPage && (
        <Center mt="sm">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("ui:action.loadMore")}
          </Button>
        </Center>
      )}
      {chosen?.deed === "role" && <ChangeRoleDialog user={chosen.user} onClose={close} />}
      {chosen?.deed === "resetLink" && <ResetLinkDialog user={chosen.user} onClose={close} />}
      {chosen?.deed === "deactivate" && <DeactivateDialog user={chosen.user} onClose={close} />}
    </Section>
  );
}

function Person({ user, own }: { user: User; own: boolean }) {
  const { t } = useTranslation("users");
  const name = nameOf(user);
  return (
    <>
      <Text size="sm" fw={500}>
        {own ? t("you", { name }) : name}
      </Text>
      {name !== user.email && (
        <Text size="xs" c="dimmed">
          {user.email}
        </Text>
      )}
    </>
  );
}

function State({ user }: { user: User }) {
  const { t } = useTranslation("users");
  if (user.deactivatedAt) return <StatusPill tone="neutral">{t("state.deactivated")}</StatusPill>;
  if (!user.hasPassword && !user.lastSignedInAt) return <StatusPill tone="warning">{t("state.notJoined")}</StatusPill>;
  return <StatusPill tone="success">{t("state.active")}</StatusPill>;
}
