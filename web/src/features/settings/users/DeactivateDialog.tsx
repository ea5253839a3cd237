import { List, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { say, sayProblem } from "@/ui/toast";
import { holdingsQuery, nameOf, type User, useChangeUser } from "./queries";

/** Shuts a person out, after saying what that ends. */
export function DeactivateDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation("users");
  const { data: holdings } = useQuery(holdingsQuery(user.id));
  const change = useChangeUser();
  const name = nameOf(user);
  return (
    <ConfirmDialog
      opened
      title={t("deactivate.title", { name })}
      confirm={t("deactivate.submit")}
      destructive
      busy={change.isPending}
      onClose={onClose}
      onConfirm={() =>
        change.mutate(
          { user, change: { active: false } },
          {
            onSuccess: () => {
              say(t("deactivate.done", { name }), () => change.mutate({ user, change: { active: true } }, { onError: (error) => sayProblem(error) }));
              onClose();
            },
            onError: (error) => sayProblem(error),
          },
        )
      }
    >
      <Stack gap="xs">
        <Text size="sm">{t("deactivate.text")}</Text>
        {holdings === undefined ? (
          <Skeleton h={40} />
        ) : (
          <List size="sm" aria-label={t("deactivate.ends")}>
            <List.Item>{t("deactivate.sessions", { count: holdings.sessions })}</List.Item>
            {holdings.tokens.length === 0 ? (
              <List.Item>{t("deactivate.noTokens")}</List.Item>
            ) : (
              holdings.tokens.map((token) => <List.Item key={token}>{t("deactivate.token", { token })}</List.Item>)
            )}
            <List.Item>{t("deactivate.mail")}</List.Item>
          </List>
        )}
        <Text size="sm" c="dimmed">
          {t("deactivate.stays")}
        </Text>
      </Stack>
    </ConfirmDialog>
  );
}
