import { Alert, Button, Code, Group, Skeleton, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Trans, useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useSession } from "@/api/session";
import { CheckIcon, ErrorIcon, InfoIcon, MailIcon } from "@/design/icons";
import { ErrorCard } from "@/ui/ErrorCard";
import { Facts } from "@/ui/Facts";
import { Section } from "@/ui/Section";
import { mailSettingsQuery, useMailTest } from "./queries";

/** Where mail goes, and a mail to oneself to see that it does. The password is never part of it. */
export function MailServer() {
  const { t } = useTranslation("mail");
  const { data, error, refetch } = useQuery(mailSettingsQuery);
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  return (
    <Section title={t("server.title")} description={t("server.description")}>
      {data === undefined ? (
        <Skeleton h={72} />
      ) : data.host === null ? (
        <Alert color="gray" icon={<InfoIcon />} title={t("server.none.title")}>
          <Trans t={t} i18nKey="server.none.text" components={{ code: <Code bg="var(--surface)" /> }} />
        </Alert>
      ) : (
        <>
          <Facts
            facts={[
              { name: t("server.host"), value: `${data.host}:${data.port}` },
              { name: t("server.sender"), value: data.sender },
              { name: t("server.user"), value: data.user ?? t("server.noUser") },
              { name: t("server.encryption"), value: t(`server.tls.${data.tls ?? "offered"}`) },
            ]}
          />
          <TestMail />
        </>
      )}
    </Section>
  );
}

function TestMail() {
  const { t } = useTranslation("mail");
  const { may, user } = useSession();
  const [typed, setTyped] = useState<string>();
  const recipient = typed ?? user?.email ?? "";
  const test = useMailTest();
  const failure = test.error ? asProblem(test.error).message : test.data && !test.data.taken ? test.data.message : undefined;
  if (!may("outbox.operate")) return null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        test.mutate(recipient.trim());
      }}
    >
      <Group mt="md" align="flex-end" gap="xs">
        <TextInput
          label={t("test.recipient")}
          type="email"
          required
          withAsterisk={false}
          w={300}
          value={recipient}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" size="sm" leftSection={<MailIcon size={14} />} loading={test.isPending}>
          {t("test.send")}
        </Button>
      </Group>
      <div role="status">
        {failure && (
          <Text size="sm" c="var(--error)" mt="xs">
            <ErrorIcon size={14} aria-hidden /> {failure}
          </Text>
        )}
        {test.data?.taken && (
          <Text size="sm" c="var(--success)" mt="xs">
            <CheckIcon size={14} aria-hidden /> {t("test.taken")}
          </Text>
        )}
      </div>
    </form>
  );
}
