import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useQueryClient } from "@tanstack/react-query";
import { onSignedOut } from "@/api/client";
import { sessionQuery } from "@/api/session";
import { useAccountLanguage } from "@/features/account/useAccountLanguage";
import classes from "./AppShell.module.css";
import { GlobalKeys } from "./GlobalKeys";
import { NavigationRail } from "./NavigationRail";

/** The frame of every screen behind the sign-in: the rail of places, and the place itself. */
export function AppShell() {
  const { t } = useTranslation();
  useReturnToSignIn();
  useAccountLanguage();
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t("shell:skipToContent")}
      </a>
      <NavigationRail />
      <main id="main" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <GlobalKeys />
    </div>
  );
}

/** When the server no longer knows the session, the sign-in comes up and leads back here afterwards. */
function useReturnToSignIn(): void {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const href = useRouterState({ select: (state) => state.location.href });
  useEffect(
    () =>
      onSignedOut(() => {
        queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
        void navigate({ to: "/sign-in", search: { to: href } });
      }),
    [navigate, queryClient, href],
  );
}
