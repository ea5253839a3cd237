import { Radio, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { type Role, rolesUpTo } from "./queries";

interface Props {
  value: Role;
  onChange: (role: Role) => void;
}

/** The roles that the viewer may give, each with what it may do. */
export function RoleChoice({ value, onChange }: Props) {
  const { t } = useTranslation("users");
  const { user: me } = useSession();
  const roles = rolesUpTo(me?.role);
  return (
    <Radio.Group label={t("column.role")} value={value} onChange={(chosen) => onChange(roles.find((role) => role === chosen) ?? value)}>
      <Stack gap="xs" mt={6}>
        {roles.map((role) => (
          <Radio key={role} value={role} size="xs" label={t(`role.${role}.name`)} description={t(`role.${role}.may`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
