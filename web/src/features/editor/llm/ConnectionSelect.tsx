import { Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { PlusIcon, WarningIcon } from "@/design/icons";
import { ConnectDialog } from "@/features/connect/ConnectDialog";
import { PROVIDERS, ProviderTile, providerTitle } from "@/features/connect/providers";
import { connectedAppsQuery } from "@/features/settings/connected-apps/queries";
import classes from "./llm.module.css";

interface Props {
  value: string;
  /** Of the chosen account, as the step remembers it when the account is gone. */
  provider: string;
  /** `moved` says that the provider is another one than before, so that its models are other ones too. */
  onChange: (connection: { id: string; provider: string; moved: boolean }) => void;
  /** What is said of a chosen account that does not work; else that records wait for it. */
  attention?: (name: string, detail: string) => string;
  error?: ReactNode;
  disabled: boolean;
}

const CONNECT = "connect:";

/** The accounts of AI providers, and an entry to connect each provider that has none. Connecting happens in place. */
export function ConnectionSelect({ value, provider: remembered, onChange, attention, error, disabled }: Props) {
  const { t } = useTranslation("forms");
  const { data: apps } = useQuery(connectedAppsQuery);
  const [connecting, setConnecting] = useState<string>();
  const chosen = apps?.find((app) => app.id === value);
  const before = chosen?.provider ?? remembered;
  const take = ({ id, provider }: { id: string; provider: string }) => onChange({ id, provider, moved: value !== "" && before !== provider });
  const connected = (apps ?? []).map((app) => ({ value: app.id, label: app.name }));
  const gone = value !== "" && apps !== undefined && !chosen ? [{ value, label: remembered ? t("llm.accountGone", { provider: providerTitle(remembered) }) : t("llm.connectionGone", { id: value }) }] : [];
  const missing = PROVIDERS.filter((provider) => !apps?.some((app) => app.provider === provider.key));
  const offers = [...missing.map((provider) => ({ value: CONNECT + provider.key, label: t("llm.connectOne", { provider: provider.title }) })), { value: CONNECT, label: t("llm.connectAnother") }];
  // Before the accounts are known nothing is offered: a provider may be connected that would seem not to be.
  const data = apps === undefined ? [] : [...(connected.length + gone.length > 0 ? [{ group: t("llm.connected"), items: [...connected, ...gone] }] : []), { group: t("llm.notConnected"), items: offers }];

  return (
    <div>
      <Select
        label={t("llm.provider")}
        placeholder={t("llm.chooseProvider")}
        data={data}
        value={value || null}
        onChange={(next) => {
          if (next?.startsWith(CONNECT)) setConnecting(next.slice(CONNECT.length));
          const app = apps?.find((one) => one.id === next);
          if (app) take(app);
        }}
        leftSection={chosen && <ProviderTile provider={chosen.provider} size={20} />}
        renderOption={({ option }) => {
          const app = apps?.find((one) => one.id === option.value);
          const offer = option.value.startsWith(CONNECT);
          return (
            <span className={classes.option} data-offer={offer || undefined}>
              {offer ? <PlusIcon size={16} aria-hidden /> : <ProviderTile provider={app?.provider ?? ""} size={20} />}
              <span className={classes.optionName}>{option.label}</span>
              {app && app.name !== providerTitle(app.provider) && <span className={classes.optionNote}>{providerTitle(app.provider)}</span>}
              {app?.status === "needs_attention" && <WarningIcon size={14} className={classes.attention} aria-label={t("llm.needsAttention")} />}
            </span>
          );
        }}
        nothingFoundMessage={t("ui:state.loading")}
        error={error}
        disabled={disabled}
        maxDropdownHeight={340}
      />
      {chosen?.status === "needs_attention" && (
        <Text size="xs" c="var(--warning)" mt={5}>
          {attention ? attention(chosen.name, chosen.statusDetail) : t("llm.attention", { name: chosen.name, detail: chosen.statusDetail })}
        </Text>
      )}
      {connecting !== undefined && (
        <ConnectDialog
          provider={connecting || undefined}
          onClose={() => setConnecting(undefined)}
          onConnected={(connection) => {
            setConnecting(undefined);
            take(connection);
          }}
        />
      )}
    </div>
  );
}
