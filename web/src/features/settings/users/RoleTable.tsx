import { useTranslation } from "react-i18next";
import { Facts } from "@/ui/Facts";
import { Section } from "@/ui/Section";
import { ROLES } from "./queries";

/** What each role may do. */
export function RoleTable() {
  const { t } = useTranslation("users");
  return (
    <Section title={t("roles")} description={t("rolesText")}>
      <Facts facts={ROLES.map((role) => ({ name: t(`role.${role}.name`), value: t(`role.${role}.may`) }))} />
    </Section>
  );
}
