import { Button, Group, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import type { LinkFragment } from "./destination";
import { Problem } from "./Problem";
import { type OneTimeLink, useRedeem } from "./queries";
import { SignInFrame } from "./SignInFrame";
import classes from "./SignInFrame.module.css";

interface Props {
  link: OneTimeLink;
  fragment: LinkFragment;
}

/** The first owner, an invited person or somebody with a forgotten password chooses how to sign in from now on. */
export function RedeemForm({ link, fragment }: Props) {
  const { t, i18n } = useTranslation("sign-in");
  const [firstName, setFirstName] = useState(link.firstName);
  const [lastName, setLastName] = useState(link.lastName);
  const [email, setEmail] = useState(link.email);
  const [password, setPassword] = useState("");
  const redeem = useRedeem(fragment.to);
  const refused = redeem.error ? asProblem(redeem.error) : undefined;
  const asksName = link.purpose !== "password_reset";

  return (
    <SignInFrame
      title={t(`purpose.${link.purpose}.title`, { workspace: link.workspaceName })}
      text={t(`purpose.${link.purpose}.text`, { email: link.email, role: t(`users:role.${link.role}.name`) })}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          redeem.mutate({
            token: fragment.token,
            password,
            ...(asksName ? { firstName, lastName } : {}),
            ...(link.mayChangeEmail ? { email } : {}),
            ...(asksName ? { language: i18n.language === "da" ? "da" : "en" } : {}),
          });
        }}
      >
        <Stack gap="sm">
          <Problem error={redeem.error} />
          {asksName && (
            <Group grow gap="sm" align="flex-start">
              <TextInput label={t("firstName")} autoComplete="given-name" maxLength={200} autoFocus value={firstName} onChange={(event) => setFirstName(event.currentTarget.value)} />
              <TextInput label={t("lastName")} autoComplete="family-name" maxLength={200} value={lastName} onChange={(event) => setLastName(event.currentTarget.value)} />
            </Group>
          )}
          <TextInput
            type="email"
            label={t("email")}
            description={link.mayChangeEmail ? t("emailHint") : undefined}
            autoComplete="username"
            required
            withAsterisk={false}
            readOnly={!link.mayChangeEmail}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t(link.purpose === "password_reset" ? "newPassword" : "password")}
            description={t("passwordHint")}
            autoComplete="new-password"
            required
            withAsterisk={false}
            autoFocus={!asksName}
            minLength={8}
            maxLength={128}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={refused?.about("password")}
            visibilityToggleButtonProps={{ "aria-label": t("show") }}
          />
          <Button type="submit" size="sm" fullWidth mt="xs" loading={redeem.isPending || redeem.isSuccess}>
            {t(`purpose.${link.purpose}.submit`)}
          </Button>
          {link.purpose === "password_reset" && <p className={classes.hint}>{t("signsOut")}</p>}
        </Stack>
      </form>
    </SignInFrame>
  );
}
