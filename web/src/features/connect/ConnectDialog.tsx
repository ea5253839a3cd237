import { Modal, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "@/api/schema";
import { useSession } from "@/api/session";
import { AskSomebody } from "./AskSomebody";
import { ConnectForm } from "./ConnectForm";
import { ProviderChoice } from "./ProviderChoice";
import { providerOf } from "./providers";

export type Connection = components["schemas"]["ConnectionShape"];

interface Props {
  /** Chosen already, as by "Connect OpenAI" in a step's form; without it the dialog asks first. */
  provider?: string;
  onClose: () => void;
  onConnected: (connection: Connection) => void;
}

/** Connects an AI provider without leaving the screen: which one, its key, and the provider's own answer to it. */
export function ConnectDialog({ provider: given, onClose, onConnected }: Props) {
  const { t } = useTranslation("connect");
  const { may } = useSession();
  const [chosen, setChosen] = useState(given);
  const provider = chosen === undefined ? undefined : providerOf(chosen);
  const title = provider ? t("title.one", { provider: provider.title }) : t("title.any");
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{title}</Text>} size={480} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      {!may("connections.manage") ? (
        <AskSomebody provider={provider} onClose={onClose} />
      ) : provider ? (
        <ConnectForm provider={provider} onBack={given ? undefined : () => setChosen(undefined)} onClose={onClose} onConnected={onConnected} />
      ) : (
        <ProviderChoice onChoose={setChosen} />
      )}
    </Modal>
  );
}
