import { Avatar, Menu, UnstyledButton, useMantineColorScheme, VisuallyHidden } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import { useSession } from "@/api/session";
import { ContactIcon, DarkIcon, LanguageIcon, LightIcon, SignOutIcon } from "@/design/icons";
import { useLanguage } from "@/features/account/queries";
import { type Language, LANGUAGES } from "@/i18n";
import { sayProblem } from "@/ui/toast";
import classes from "./AccountMenu.module.css";

/** Who is signed in; language, colours and sign-out. */
export function AccountMenu() {
  const { t } = useTranslation();
  const { user } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const name = [user?.firstName, user?.lastName].filter(Boolean).join(" ") || user?.email || "";
  const { language, choose } = useLanguage();
  const other: Language = language === "da" ? "en" : "da";

  const signOut = async () => {
    try {
      await call(api.DELETE("/penstock/v1/session"));
    } catch (error) {
      sayProblem(error);
      return;
    }
    queryClient.clear();
    await navigate({ to: "/sign-in" });
  };

  return (
    <Menu position="right-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.button}>
          <VisuallyHidden>{t("shell:account.menu", { name })}</VisuallyHidden>
          <span aria-hidden>
            <Avatar size={28} radius="xl" color="accent" name={name} alt="" />
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user?.email}</Menu.Label>
        <Menu.Item component={Link} to="/settings/account" leftSection={<ContactIcon size={16} />}>
          {t("shell:account.yours")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={colorScheme === "dark" ? <LightIcon size={16} /> : <DarkIcon size={16} />}
          onClick={() => setColorScheme(colorScheme === "dark" ? "light" : "dark")}
        >
          {t(colorScheme === "dark" ? "shell:account.light" : "shell:account.dark")}
        </Menu.Item>
        <Menu.Item leftSection={<LanguageIcon size={16} />} lang={other} onClick={() => choose(other)}>
          {LANGUAGES[other]}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<SignOutIcon size={16} />} onClick={() => void signOut()}>
          {t("shell:account.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
