import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import classes from "./FlowTabs.module.css";

const TABS = [
  { name: "editor", to: "/workflows/$flowId", permission: "flows.read" },
  { name: "runs", to: "/workflows/$flowId/runs", permission: "runs.read" },
  { name: "evals", to: "/workflows/$flowId/evals", permission: "runs.read" },
  { name: "revisions", to: "/workflows/$flowId/revisions", permission: "flows.read" },
  { name: "settings", to: "/workflows/$flowId/settings", permission: "runs.read" },
] as const;

/** The screens of one workflow. */
export function FlowTabs({ flowId, current }: { flowId: string; current: (typeof TABS)[number]["name"] }) {
  const { t } = useTranslation("editor");
  const { may } = useSession();
  return (
    <nav className={classes.tabs} aria-label={t("tabs.name")}>
      {TABS.filter(({ permission }) => may(permission)).map(({ name, to }) => (
        <Link key={name} to={to} params={{ flowId }} activeOptions={{ exact: true }} className={classes.tab} aria-current={name === current ? "page" : undefined}>
          {t(`tabs.${name}`)}
        </Link>
      ))}
    </nav>
  );
}
