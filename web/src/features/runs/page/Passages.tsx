import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { components } from "@/api/schema";
import classes from "./panel.module.css";

/** The passages of knowledge sets that stood in the prompt, under their numbers there, each leading to its document. */
export function Passages({ sent }: { sent: readonly components["schemas"]["KnowledgeSourceShape"][] }) {
  const { t } = useTranslation("runs");
  if (sent.length === 0) return null;
  return (
    <div>
      <h3 className={classes.label}>{t("passages")}</h3>
      <ul className={classes.sources}>
        {sent.map(({ number, passageId, setId, documentId, document, place, version }) => (
          <li key={passageId}>
            [{number}]{" "}
            <Link to="/settings/knowledge/$setId/documents/$documentId" params={{ setId, documentId }}>
              {document}
            </Link>
            {place.slice(document.length)} <span className={classes.under}>{t("passageVersion", { version })}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
