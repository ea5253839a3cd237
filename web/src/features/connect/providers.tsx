import i18next from "i18next";
import classes from "./ProviderTile.module.css";

export interface Provider {
  /** As the API names it. */
  key: string;
  /** Its own name; only what is no name of a company is translated. */
  readonly title: string;
  /** What stands on its tile: letters, no trademark's picture. */
  monogram: string;
  /** Where a person gets an API key; undefined where there is no such place. */
  keysAt?: string;
  /** Whether a key is needed, possible, or of no use. */
  needsKey: "yes" | "perhaps" | "no";
  /** Whether each connection says where its server is. */
  needsAddress: boolean;
}

/** The providers that can be connected, in the order of the dialog. */
export const PROVIDERS: readonly Provider[] = [
  { key: "openai", title: "OpenAI", monogram: "O", keysAt: "https://platform.openai.com/api-keys", needsKey: "yes", needsAddress: false },
  { key: "anthropic", title: "Anthropic", monogram: "A", keysAt: "https://platform.claude.com/settings/keys", needsKey: "yes", needsAddress: false },
  { key: "google", title: "Google Gemini", monogram: "G", keysAt: "https://aistudio.google.com/apikey", needsKey: "yes", needsAddress: false },
  { key: "cohere", title: "Cohere", monogram: "C", keysAt: "https://dashboard.cohere.com/api-keys", needsKey: "yes", needsAddress: false },
  { key: "xai", title: "xAI", monogram: "x", keysAt: "https://console.x.ai", needsKey: "yes", needsAddress: false },
  { key: "compatible", get title() { return i18next.t("connect:own.compatible"); }, monogram: "{ }", needsKey: "perhaps", needsAddress: true },
  { key: "local", get title() { return i18next.t("connect:own.local"); }, monogram: "L", needsKey: "no", needsAddress: false },
];

export const providerOf = (key: string): Provider | undefined => PROVIDERS.find((provider) => provider.key === key);

export const providerTitle = (key: string): string => providerOf(key)?.title ?? key;

interface TileProps {
  provider: string;
  size?: 20 | 28 | 36;
}

/** A provider's letters on a tile, beside its name. */
export function ProviderTile({ provider, size = 28 }: TileProps) {
  return (
    <span className={classes.tile} data-size={size} aria-hidden>
      {providerOf(provider)?.monogram ?? provider.slice(0, 1).toUpperCase()}
    </span>
  );
}
