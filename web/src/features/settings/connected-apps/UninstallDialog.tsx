import { List, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { say, sayProblem } from "@/ui/toast";
import { type ConnectedApp, useUninstall } from "./queries";

interface Props {
  app: ConnectedApp;
  onClose: () => void;
}

/** Says which workflows will stop, and deletes the key when the reader still wants to. */
export function UninstallDialog({ app, onClose }: Props) {
  const { t } = useTranslation("connections");
  const uninstall = useUninstall();
  const running = app.flows.filter((flow) => flow.isEnabled);

  return (
    <ConfirmDialog
      opened
      title={t("uninstall.title", { name: app.name })}
      confirm={t("uninstall.submit")}
      destructive
      busy={uninstall.isPending}
      {...(running.length > 0 ? { typeToConfirm: app.name } : {})}
      onClose={onClose}
      onConfirm={() =>
        uninstall.mutate(app, {
          onSuccess: () => {
            say(t("uninstall.done", { name: app.name }));
            onClose();
          },
          onError: (error) => sayProblem(error),
        })
      }
    >
      <Stack gap="sm">
        <Text size="sm">{t("uninstall.key")}</Text>
        {app.flows.length === 0 ? (
          <Text size="sm">{t("uninstall.unused")}</Text>
        ) : (
          <>
            <Text size="sm">{t("uninstall.stops", { count: app.flows.length })}</Text>
            <List size="sm" aria-label={t("uninstall.flows")}>
              {app.flows.map((flow) => (
                <List.Item key={flow.id}>
                  <Link to="/workflows/$flowId" params={{ flowId: flow.id }}>
                    {flow.name || t("flow.unnamed", { id: flow.id })}
                  </Link>{" "}
                  <Text span size="xs" c="dimmed">
                    {t(flow.isEnabled ? "flow.on" : "flow.off")}
                  </Text>
                </List.Item>
              ))}
            </List>
            <Text size="sm" c="dimmed">
              {t("uninstall.later")}
            </Text>
          </>
        )}
      </Stack>
    </ConfirmDialog>
  );
}
