import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./ConnectDialog.module.css";
import { PROVIDERS, ProviderTile } from "./providers";

/** The providers to choose from, one button each. */
export function ProviderChoice({ onChoose }: { onChoose: (provider: string) => void }) {
  const { t } = useTranslation("connect");
  const list = useRef<HTMLUListElement>(null);
  // Also for who comes back from a form, whose button is gone by now.
  useEffect(() => list.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus(), []);
  return (
    <ul ref={list} className={classes.choice}>
      {PROVIDERS.map((provider, index) => (
        <li key={provider.key}>
          <button type="button" className={classes.provider} onClick={() => onChoose(provider.key)} data-autofocus={index === 0 || undefined}>
            <ProviderTile provider={provider.key} size={36} />
            <span>
              <span className={classes.title}>{provider.title}</span>
              <span className={classes.about}>{t(`about.${provider.key}`)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
