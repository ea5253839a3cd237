import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { Facts } from "@/ui/Facts";
import { Section } from "@/ui/Section";
import { say, sayProblem } from "@/ui/toast";
import classes from "./account.module.css";
import { useChangeProfile } from "./queries";

/** One's own name, with the address and role that others set. */
export function Profile() {
  const { user } = useSession();
  return user ? <ProfileForm key={user.id} /> : null;
}

function ProfileForm() {
  const { t } = useTranslation("account");
  const { user } = useSession();
  const [firstName, setFirstName] = useState(user?.firstName ?? "");
  const [lastName, setLastName] = useState(user?.lastName ?? "");
  const change = useChangeProfile();
  const same = firstName.trim() === user?.firstName && lastName.trim() === user.lastName;
  return (
    <Section title={t("profile.title")} description={t("profile.text")}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ firstName, lastName }, { onSuccess: () => say(t("profile.saved")), onError: (error) => sayProblem(error) });
        }}
      >
        <Stack gap="sm">
          <Group grow align="flex-start">
            <TextInput label={t("profile.firstName")} autoComplete="given-name" maxLength={200} value={firstName} onChange={(event) => setFirstName(event.currentTarget.value)} />
            <TextInput label={t("profile.lastName")} autoComplete="family-name" maxLength={200} value={lastName} onChange={(event) => setLastName(event.currentTarget.value)} />
          </Group>
          {user && (
            <Facts
              facts={[
                { name: t("profile.email"), value: user.email },
                { name: t("profile.role"), value: t(`users:role.${user.role}.name`) },
              ]}
            />
          )}
          <Group>
            <Button type="submit" disabled={same} loading={change.isPending}>
              {t("ui:action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
