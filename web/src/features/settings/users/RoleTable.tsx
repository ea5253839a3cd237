import { useTranslation } from "react-i18next";
import { Section } from "@/ui/Section";
import { ROLES } from "./queries";
import classes from "./RoleTable.module.css";

/** What each role may do. */
export function RoleTable() {
  const { t } = useTranslation("users");
  return (
    <Section title={t("roles")} description={t("rolesText")}>
      <dl className={classes.roles}>
        {ROLES.map((role) => (
          <div key={role} className={classes.role}>
            <dt>{t(`role.${role}.name`)}</dt>
            <dd>{t(`role.${role}.may`)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
