import { Button, Group, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useSession } from "@/api/session";
import { Section } from "@/ui/Section";
import { say, sayProblem } from "@/ui/toast";
import classes from "./account.module.css";
import { useChangePassword } from "./queries";

/** Another password, or the first one for whoever came in by a link. */
export function Password() {
  const { t } = useTranslation("account");
  const { user } = useSession();
  const [current, setCurrent] = useState("");
  const [chosen, setChosen] = useState("");
  const change = useChangePassword();
  const has = user?.hasPassword === true;
  const refused = change.error ? asProblem(change.error) : undefined;
  const toggle = { "aria-label": t("sign-in:show") };

  return (
    <Section title={t("password.title")} description={t(has ? "password.text" : "password.first")}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { newPassword: chosen, ...(has ? { currentPassword: current } : {}) },
            {
              onSuccess: () => {
                setCurrent("");
                setChosen("");
                say(t("password.saved"));
              },
              onError: (error) => {
                if (asProblem(error).errors.length === 0) sayProblem(error);
              },
            },
          );
        }}
      >
        <Stack gap="sm">
          {/* For password managers, which otherwise do not know whose password this is. */}
          <TextInput type="email" autoComplete="username" value={user?.email ?? ""} readOnly className="visually-hidden" tabIndex={-1} aria-hidden />
          {has && (
            <PasswordInput
              label={t("password.current")}
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={current}
              onChange={(event) => setCurrent(event.currentTarget.value)}
              error={refused?.about("currentPassword") && t("password.wrong")}
              visibilityToggleButtonProps={toggle}
            />
          )}
          <PasswordInput
            label={t("password.new")}
            description={t("sign-in:passwordHint")}
            autoComplete="new-password"
            required
            withAsterisk={false}
            minLength={8}
            maxLength={128}
            value={chosen}
            onChange={(event) => setChosen(event.currentTarget.value)}
            error={refused?.about("newPassword")}
            visibilityToggleButtonProps={toggle}
          />
          <Group>
            <Button type="submit" loading={change.isPending} disabled={chosen === "" || (has && current === "")}>
              {t("password.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
