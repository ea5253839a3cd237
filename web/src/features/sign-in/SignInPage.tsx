import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "@/api/session";
import { Problem } from "./Problem";
import { useSignIn } from "./queries";
import { SignInFrame } from "./SignInFrame";
import classes from "./SignInFrame.module.css";

/** Sign in by e-mail address and password. */
export function SignInPage() {
  const { t } = useTranslation("sign-in");
  const { to } = useSearch({ from: "/sign-in" });
  const { data: session } = useQuery(sessionQuery);
  const signIn = useSignIn(to);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");

  return (
    <SignInFrame title={t("title")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate({ email, password });
        }}
      >
        <Stack gap="sm">
          {session?.setUp === false && (
            <p className={classes.note} role="note">
              {t("notSetUp")}
            </p>
          )}
          <Problem error={signIn.error} />
          <TextInput
            type="email"
            label={t("email")}
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t("password")}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": t("show") }}
          />
          <Button type="submit" size="sm" fullWidth mt="xs" loading={signIn.isPending || signIn.isSuccess}>
            {t("submit")}
          </Button>
          <p className={classes.hint}>{t("forgotten")}</p>
        </Stack>
      </form>
    </SignInFrame>
  );
}
