import { Button, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { RoleChoice } from "@/features/settings/users/RoleChoice";
import type { Role } from "@/features/settings/users/queries";
import { DialogFooter } from "@/ui/DialogFooter";
import { SecretOnce } from "@/ui/SecretOnce";
import { sayProblem } from "@/ui/toast";
import { useCreateToken } from "./queries";

const DAY = 86_400_000; // milliseconds
const LIFETIMES = ["30", "90", "365", "never"] as const;

/** Issues a token: a name, a role, an end; then its text, which is shown this once. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("tokens");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [days, setDays] = useState<string>("90");
  const create = useCreateToken();
  const submit = () =>
    create.mutate(
      { name: name.trim(), role, ...(days === "never" ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY).toISOString() }) },
      { onError: (error) => sayProblem(error) },
    );
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{t("create.title")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      {create.data ? (
        <Stack>
          <SecretOnce explanation={t("create.explain", { name: create.data.details.name })} secret={create.data.token} />
          <DialogFooter>
            <Button onClick={onClose} data-autofocus>
              {t("users:done")}
            </Button>
          </DialogFooter>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Stack>
            <TextInput
              label={t("column.name")}
              description={t("create.nameHint")}
              maxLength={100}
              required
              withAsterisk={false}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
            <RoleChoice value={role} onChange={setRole} />
            <Select
              label={t("column.expires")}
              value={days}
              data={LIFETIMES.map((value) => ({ value, label: value === "never" ? t("neverExpires") : t("create.days", { count: Number(value) }) }))}
              onChange={(value) => setDays(value ?? "90")}
            />
            <DialogFooter>
              <Button variant="default" onClick={onClose}>
                {t("ui:action.cancel")}
              </Button>
              <Button type="submit" loading={create.isPending} disabled={name.trim() === ""}>
                {t("create.submit")}
              </Button>
            </DialogFooter>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
