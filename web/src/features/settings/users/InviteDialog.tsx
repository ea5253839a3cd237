import { Alert, Button, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { MailIcon } from "@/design/icons";
import { DialogFooter } from "@/ui/DialogFooter";
import { SecretOnce } from "@/ui/SecretOnce";
import { type Role, useInvite } from "./queries";
import { RoleChoice } from "./RoleChoice";

/** Invites somebody: an address and a role, then the link to hand over, which is also mailed where mail is set up. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("users");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("builder");
  const invite = useInvite();
  const issued = invite.data;
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{t("invite.title")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      {issued ? (
        <Stack>
          {issued.mailed && (
            <Alert color="green" icon={<MailIcon />} role="status">
              {t("invite.mailed", { email: issued.invitation.email })}
            </Alert>
          )}
          {issued.mailProblem && (
            <Alert color="red" icon={<MailIcon />} title={t("invite.notMailed")}>
              {issued.mailProblem}
            </Alert>
          )}
          <SecretOnce explanation={t("invite.explain", { email: issued.invitation.email })} secret={issued.url} />
          <DialogFooter>
            <Button onClick={onClose} data-autofocus>
              {t("done")}
            </Button>
          </DialogFooter>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            invite.mutate({ email: email.trim(), role });
          }}
        >
          <Stack>
            <TextInput
              type="email"
              label={t("invite.email")}
              required
              withAsterisk={false}
              value={email}
              onChange={(event) => {
                setEmail(event.currentTarget.value);
                invite.reset();
              }}
              error={invite.error ? asProblem(invite.error).message || t("ui:error.unreachableRemedy") : undefined}
              autoComplete="off"
              data-autofocus
            />
            <RoleChoice value={role} onChange={setRole} />
            <DialogFooter>
              <Button variant="default" onClick={onClose}>
                {t("ui:action.cancel")}
              </Button>
              <Button type="submit" loading={invite.isPending} disabled={email.trim() === ""}>
                {t("invite.submit")}
              </Button>
            </DialogFooter>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
