import { useTranslation } from "react-i18next";
import { ExternalIcon } from "@/design/icons";
import classes from "./panel.module.css";

/** Written by whoever wrote the page: nothing but http and https becomes a link, and a title is only ever text. */
const WEB = /^https?:\/\//i;

/** The pages that an answer rests on, as links that tell the pages nothing of where one comes from. */
export function Sources({ found }: { found: readonly unknown[] }) {
  const { t } = useTranslation("runs");
  const sources = found.filter(isSource);
  if (sources.length === 0) return null;
  return (
    <section>
      <h3 className={classes.label}>{t("sources")}</h3>
      <ul className={classes.sources} aria-label={t("sources")}>
        {sources.map(({ url, title }) => (
          <li key={url}>
            <a href={url} target="_blank" rel="noreferrer noopener" title={url}>
              <span>{title || hostOf(url)}</span>
              <ExternalIcon size={13} aria-hidden />
            </a>
            {title !== "" && title !== hostOf(url) && <span className={classes.under}>{hostOf(url)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function isSource(one: unknown): one is { url: string; title: string } {
  return typeof one === "object" && one !== null && "url" in one && typeof one.url === "string" && WEB.test(one.url) && "title" in one && typeof one.title === "string";
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
