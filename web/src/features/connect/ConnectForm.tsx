import { Anchor, Button, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { ExternalIcon } from "@/design/icons";
import { connectedAppsQuery } from "@/features/settings/connected-apps/queries";
import type { Connection } from "./ConnectDialog";
import { faultyField, freeName, useConnect } from "./connecting";
import type { Provider } from "./providers";

interface Props {
  provider: Provider;
  onBack?: () => void;
  onClose: () => void;
  onConnected: (connection: Connection) => void;
}

/** The key and name of a provider to connect. The provider is asked before anything is saved; its words stand beside the field. */
export function ConnectForm({ provider, onBack, onClose, onConnected }: Props) {
  const { t } = useTranslation("connect");
  const { data: others } = useQuery(connectedAppsQuery);
  const [typedName, setTypedName] = useState<string>();
  const [key, setKey] = useState("");
  const [address, setAddress] = useState("");
  const connect = useConnect();
  const name = typedName ?? freeName(provider.title, others ?? []);
  const problem = connect.error ? asProblem(connect.error) : undefined;
  const words = problem && (problem.message || t("ui:error.unreachableRemedy"));
  const faulty = problem && faultyField(problem, provider);
  const ready = name.trim() !== "" && (provider.needsKey !== "yes" || key.trim() !== "") && (!provider.needsAddress || address.trim() !== "");
  const edited = () => connect.reset();
  // The refusal is read out with the field it is about, and what is wrong can be typed over at once.
  const form = useRef<HTMLFormElement>(null);
  // The choice of providers that had the focus is gone by now.
  useEffect(() => form.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus(), []);
  useEffect(() => {
    if (connect.error) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [connect.error]);

  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready || connect.isPending) return;
        connect.mutate({ provider: provider.key, name: name.trim(), key: key.trim(), baseUrl: address.trim() || null }, { onSuccess: onConnected });
      }}
    >
      <Stack>
        {provider.needsAddress && (
          <TextInput
            label={t("address.label")}
            description={t("address.help")}
            placeholder="https://llm.example.com/v1"
            value={address}
            onChange={(event) => {
              setAddress(event.currentTarget.value);
              edited();
            }}
            error={faulty === "address" && words}
            data-autofocus
            autoComplete="off"
            inputMode="url"
          />
        )}
        {provider.needsKey !== "no" && (
          <PasswordInput
            label={provider.needsKey === "yes" ? t("key.label") : t("key.optional")}
            description={provider.keysAt ? <KeyPlace provider={provider} at={provider.keysAt} /> : t("key.fromOperator")}
            inputWrapperOrder={["label", "input", "error", "description"]}
            value={key}
            onChange={(event) => {
              setKey(event.currentTarget.value);
              edited();
            }}
            error={faulty === "key" && words}
            aria-invalid={faulty === "key" || undefined}
            data-autofocus={!provider.needsAddress || undefined}
            autoComplete="off"
            data-1p-ignore
            data-lpignore="true"
            spellCheck={false}
          />
        )}
        <TextInput
          label={t("name.label")}
          description={t("name.help")}
          inputWrapperOrder={["label", "input", "error", "description"]}
          value={name}
          onChange={(event) => {
            setTypedName(event.currentTarget.value);
            edited();
          }}
          error={faulty === "name" && words}
          data-autofocus={provider.needsKey === "no" || undefined}
          autoComplete="off"
          maxLength={100}
        />
        <Text size="xs" c="dimmed">
          {provider.needsKey === "no" ? t("note.local") : t("note.key")}
        </Text>
        <Group justify={onBack ? "space-between" : "flex-end"}>
          {onBack && (
            <Button variant="subtle" color="gray" onClick={onBack}>
              {t("back")}
            </Button>
          )}
          <Group gap="xs" ml="auto">
            <Button variant="default" onClick={onClose}>
              {t("ui:action.cancel")}
            </Button>
            <Button type="submit" loading={connect.isPending} disabled={!ready}>
              {t("submit")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

function KeyPlace({ provider, at }: { provider: Provider; at: string }) {
  const { t } = useTranslation("connect");
  return (
    <Anchor href={at} target="_blank" rel="noreferrer" size="xs">
      {t("key.where", { provider: provider.title })} <ExternalIcon size={12} aria-hidden />
    </Anchor>
  );
}
