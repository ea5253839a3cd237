import { ActionIcon, Button, Menu, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { DeleteIcon, KeyIcon, MoreIcon, PlusIcon } from "@/design/icons";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { ErrorCard } from "@/ui/ErrorCard";
import { Moment } from "@/ui/Moment";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { say, sayProblem } from "@/ui/toast";
import { type NamedSecret, secretsQuery, useDeleteSecret } from "./queries";
import { SecretDialog } from "./SecretDialog";

/** API keys that webhooks send along: put in, replaced and deleted here, never read. */
export function NamedSecrets() {
  const { t } = useTranslation("webhooks");
  const { may } = useSession();
  const { data: secrets, error, refetch } = useQuery(secretsQuery);
  const [editing, setEditing] = useState<string | true>();
  const [deleting, setDeleting] = useState<string>();
  const remove = useDeleteSecret();
  const manages = may("secrets.manage");

  return (
    <Section
      title={t("secrets.title")}
      description={t("secrets.description")}
      actions={
        manages && (
          <Button variant="default" leftSection={<PlusIcon size={14} />} onClick={() => setEditing(true)}>
            {t("secrets.add")}
          </Button>
        )
      }
    >
      {error ? (
        <ErrorCard error={error} onRetry={() => void refetch()} />
      ) : secrets?.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("secrets.empty")}
        </Text>
      ) : (
        <SimpleTable<NamedSecret>
          label={t("secrets.title")}
          rows={secrets}
          rowKey={(secret) => secret.id}
          columns={[
            { title: t("secrets.name"), cell: (secret) => <span className="mono">{secret.name}</span> },
            { title: t("secrets.ends"), cell: (secret) => <span className="mono">•••• {secret.lastFour}</span> },
            { title: t("secrets.changed"), cell: (secret) => <Moment at={secret.changedAt} /> },
            {
              title: "",
              width: "48px",
              align: "end",
              cell: (secret) =>
                manages && (
                  <Menu position="bottom-end">
                    <Menu.Target>
                      <ActionIcon aria-label={t("secrets.of", { name: secret.name })}>
                        <MoreIcon size={16} />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item leftSection={<KeyIcon size={16} />} onClick={() => setEditing(secret.name)}>
                        {t("secrets.replace")}
                      </Menu.Item>
                      <Menu.Item leftSection={<DeleteIcon size={16} />} onClick={() => setDeleting(secret.name)}>
                        {t("ui:action.delete")}
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                ),
            },
          ]}
        />
      )}
      {editing !== undefined && <SecretDialog {...(editing === true ? {} : { name: editing })} onClose={() => setEditing(undefined)} />}
      <ConfirmDialog
        opened={deleting !== undefined}
        title={t("secrets.deleteTitle", { name: deleting })}
        confirm={t("ui:action.delete")}
        destructive
        busy={remove.isPending}
        onClose={() => setDeleting(undefined)}
        onConfirm={() => {
          const name = deleting;
          if (name === undefined) return;
          remove.mutate(name, {
            onSuccess: () => say(t("secrets.deleted", { name })),
            onError: (problem) => sayProblem(problem),
            onSettled: () => setDeleting(undefined),
          });
        }}
      >
        <Text size="sm">{t("secrets.deleteText")}</Text>
      </ConfirmDialog>
    </Section>
  );
}
