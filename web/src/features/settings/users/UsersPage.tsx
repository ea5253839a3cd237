import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { PlusIcon } from "@/design/icons";
import { Page } from "@/ui/Page";
import { Withheld } from "@/ui/Withheld";
import { InviteDialog } from "./InviteDialog";
import { OpenInvitations } from "./OpenInvitations";
import { People } from "./People";
import { RoleTable } from "./RoleTable";

/** Settings > Users and roles: who may sign in, as what, and who is invited. */
export function UsersPage() {
  const { t } = useTranslation("users");
  const { may } = useSession();
  const [inviting, setInviting] = useState(false);
  const manages = may("users.manage");
  return (
    <Page
      title={t("title")}
      description={t("description")}
      actions={
        <Withheld because={!manages && t("refused")}>
          <Button leftSection={<PlusIcon size={14} />} onClick={() => setInviting(true)}>
            {t("invite.open")}
          </Button>
        </Withheld>
      }
    >
      <People />
      {manages && <OpenInvitations />}
      <RoleTable />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Page>
  );
}
