import { Button, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import { useSession } from "@/api/session";
import { DialogFooter } from "@/ui/DialogFooter";
import type { Provider } from "./providers";

const MANAGERS: readonly string[] = ["owner", "admin"];

/** For those who build workflows and do not hold keys: who can connect the provider. */
export function AskSomebody({ provider, onClose }: { provider?: Provider; onClose: () => void }) {
  const { t } = useTranslation("connect");
  const { may } = useSession();
  const { data: users } = useQuery({
    queryKey: ["users"],
    queryFn: async () => (await call(api.GET("/penstock/v1/users"))).results,
    enabled: may("users.read"),
  });
  const managers = (users ?? []).filter((user) => MANAGERS.includes(user.role) && user.deactivatedAt === null);
  return (
    <Stack>
      <Text size="sm">{provider ? t("ask.one", { provider: provider.title }) : t("ask.any")}</Text>
      {managers.length > 0 && (
        <ul>
          {managers.map((user) => (
            <li key={user.id}>
              <a href={`mailto:${user.email}`}>{[user.firstName, user.lastName].filter(Boolean).join(" ") || user.email}</a>
            </li>
          ))}
        </ul>
      )}
      <DialogFooter>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("ui:action.close")}
        </Button>
      </DialogFooter>
    </Stack>
  );
}
