import { Button, Skeleton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { ConnectedAppsIcon, PlusIcon, SearchIcon } from "@/design/icons";
import { ConnectDialog } from "@/features/connect/ConnectDialog";
import { providerTitle } from "@/features/connect/providers";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { Page } from "@/ui/Page";
import { Withheld } from "@/ui/Withheld";
import { AppRow } from "./AppRow";
import { LimitsDialog } from "./LimitsDialog";
import classes from "./ConnectedAppsPage.module.css";
import { appUseQuery, type ConnectedApp, connectedAppsQuery } from "./queries";

/** Settings > Integrations > Connected apps: the providers that workflows may call, and their keys. */
export function ConnectedAppsPage() {
  const { t } = useTranslation("connections");
  const { may } = useSession();
  const { data: apps, error, refetch } = useQuery(connectedAppsQuery);
  const [sought, setSought] = useState("");
  const { connect: asked, limits } = useSearch({ from: "/app/settings/connected-apps" });
  const navigate = useNavigate({ from: "/settings/connected-apps" });
  const [connecting, setConnecting] = useState(asked === true);
  const mayConnect = may("connections.manage");
  const limited = apps?.find((app) => app.id === limits);

  const connect = (
    <Withheld because={!mayConnect && t("actions.refused")}>
      <Button leftSection={<PlusIcon size={14} />} onClick={() => setConnecting(true)}>
        {t("connect")}
      </Button>
    </Withheld>
  );

  return (
    <Page title={t("title")} description={t("description")} actions={apps && apps.length > 0 ? connect : undefined}>
      {error ? (
        <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
      ) : apps === undefined ? (
        <Skeleton h={160} radius="lg" />
      ) : apps.length === 0 ? (
        <EmptyState icon={<ConnectedAppsIcon size={24} />} title={t("empty.title")} text={t(mayConnect ? "empty.text" : "empty.ask")} action={mayConnect && connect} />
      ) : (
        <>
          {apps.length > 3 && (
            <TextInput
              className={classes.search}
              leftSection={<SearchIcon size={14} />}
              placeholder={t("search")}
              aria-label={t("search")}
              value={sought}
              onChange={(event) => setSought(event.currentTarget.value)}
            />
          )}
          <Apps apps={apps} sought={sought} />
        </>
      )}
      {limited && <LimitsDialog app={limited} onClose={() => void navigate({ search: {}, replace: true })} />}
      {connecting && <ConnectDialog onClose={() => setConnecting(false)} onConnected={() => setConnecting(false)} />}
    </Page>
  );
}

function Apps({ apps, sought }: { apps: readonly ConnectedApp[]; sought: string }) {
  const { t } = useTranslation("connections");
  const { data: uses } = useQuery(appUseQuery);
  const words = sought.trim().toLowerCase();
  const found = apps.filter((app) => `${app.name} ${app.provider} ${providerTitle(app.provider)}`.toLowerCase().includes(words));
  if (found.length === 0) return <p className={classes.none}>{t("noneFound", { sought: sought.trim() })}</p>;
  return (
    <ul className={classes.apps}>
      {found.map((app) => (
        <AppRow key={app.id} app={app} use={uses?.get(app.id)} otherNames={apps.filter((other) => other.id !== app.id).map((other) => other.name)} />
      ))}
    </ul>
  );
}
