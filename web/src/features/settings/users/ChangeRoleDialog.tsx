import { Button, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { DialogFooter } from "@/ui/DialogFooter";
import { say, sayProblem } from "@/ui/toast";
import { nameOf, type User, useChangeUser } from "./queries";
import { RoleChoice } from "./RoleChoice";

/** Gives a person another role; it acts on their next request. */
export function ChangeRoleDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation("users");
  const { user: me } = useSession();
  const [role, setRole] = useState(user.role);
  const change = useChangeUser();
  const name = nameOf(user);
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t("changeRole.title", { name })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { user, change: { role } },
            {
              onSuccess: (changed) => {
                say(t("changeRole.done", { name, role: t(`role.${changed.role}.name`) }));
                onClose();
              },
              onError: (error) => sayProblem(error),
            },
          );
        }}
      >
        <Stack>
          <RoleChoice value={role} onChange={setRole} />
          <Text size="sm" c="dimmed">
            {t(user.id === me?.id ? "changeRole.own" : "changeRole.explain")}
          </Text>
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={change.isPending} disabled={role === user.role}>
              {t("changeRole.submit")}
            </Button>
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}
