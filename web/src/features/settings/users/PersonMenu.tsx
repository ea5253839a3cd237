import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { ContactIcon, KeyIcon, LockedIcon, MoreIcon, UsersIcon } from "@/design/icons";
import { say, sayProblem } from "@/ui/toast";
import { nameOf, rolesUpTo, type User, useChangeUser } from "./queries";

export type PersonDeed = "role" | "resetLink" | "deactivate";

interface Props {
  user: User;
  onChoose: (deed: PersonDeed) => void;
}

/** What one can do about a person. Nobody has power over a higher role than their own. */
export function PersonMenu({ user, onChoose }: Props) {
  const { t } = useTranslation("users");
  const { user: me } = useSession();
  const change = useChangeUser();
  const name = nameOf(user);
  const above = !rolesUpTo(me?.role).includes(user.role);
  const label = t(above ? "above" : "actionsOf", { name });
  if (above) {
    return (
      <Tooltip label={label} multiline w={240}>
        <ActionIcon aria-label={label} aria-disabled>
          <LockedIcon size={16} />
        </ActionIcon>
      </Tooltip>
    );
  }
  const reactivate = () =>
    change.mutate(
      { user, change: { active: true } },
      { onSuccess: () => say(t("reactivated", { name })), onError: (error) => sayProblem(error) },
    );
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon aria-label={label}>
          <MoreIcon size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {user.deactivatedAt ? (
          <Menu.Item leftSection={<ContactIcon size={16} />} onClick={reactivate}>
            {t("action.reactivate")}
          </Menu.Item>
        ) : (
          <>
            <Menu.Item leftSection={<UsersIcon size={16} />} onClick={() => onChoose("role")}>
              {t("action.role")}
            </Menu.Item>
            <Menu.Item leftSection={<KeyIcon size={16} />} onClick={() => onChoose("resetLink")}>
              {t("action.resetLink")}
            </Menu.Item>
            {user.id !== me?.id && (
              <>
                <Menu.Divider />
                <Menu.Item leftSection={<LockedIcon size={16} />} onClick={() => onChoose("deactivate")}>
                  {t("action.deactivate")}
                </Menu.Item>
              </>
            )}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
