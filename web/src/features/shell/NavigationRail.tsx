import { Tooltip, VisuallyHidden } from "@mantine/core";
import { Link, useLocation } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { AttentionIcon, RecordsIcon, ReviewsIcon, SearchIcon, SettingsIcon, SpendIcon, WorkflowsIcon } from "@/design/icons";
import { COMMAND_KEY } from "@/ui/shortcuts";
import { AccountMenu } from "./AccountMenu";
import { AttentionBadge } from "./AttentionBadge";
import { OPEN_COMMANDS } from "./GlobalKeys";
import { ReviewsBadge } from "./ReviewsBadge";
import classes from "./NavigationRail.module.css";

interface Place {
  to: "/records" | "/workflows" | "/attention" | "/reviews" | "/spend" | "/settings";
  words: string;
  icon: ComponentType<{ size?: number; "aria-hidden"?: boolean }>;
  permission?: string;
}

const PLACES: readonly Place[] = [
  { to: "/records", words: "shell:place.records", icon: RecordsIcon, permission: "records.read" },
  { to: "/workflows", words: "shell:place.workflows", icon: WorkflowsIcon, permission: "flows.read" },
  { to: "/attention", words: "shell:place.attention", icon: AttentionIcon, permission: "runs.read" },
  { to: "/reviews", words: "shell:place.reviews", icon: ReviewsIcon, permission: "runs.read" },
  { to: "/spend", words: "shell:place.spend", icon: SpendIcon, permission: "runs.read" },
  { to: "/settings", words: "shell:place.settings", icon: SettingsIcon },
];

const HERE = { "data-active": true, "aria-current": "page" } as const;

/** The places of Penstock: a rail at the side, a bar at the foot of a narrow screen. */
export function NavigationRail() {
  const { t } = useTranslation();
  const { may } = useSession();
  // A run belongs to its workflow, though its address does not say so.
  const inRun = useLocation({ select: ({ pathname }) => pathname.startsWith("/runs/") });
  return (
    <nav className={classes.rail} aria-label={t("shell:places")}>
      <ul className={classes.places}>
        <li className={classes.wide}>
          <Tooltip label={`${t("shell:command.open")} (${COMMAND_KEY} K)`} position="right">
            <button type="button" className={classes.place} aria-label={t("shell:command.open")} onClick={() => window.dispatchEvent(new Event(OPEN_COMMANDS))}>
              <SearchIcon size={20} aria-hidden />
            </button>
          </Tooltip>
        </li>
        {PLACES.filter((place) => place.permission === undefined || may(place.permission)).map(({ to, words, icon: Icon }) => (
          <li key={to}>
            <Tooltip label={t(words)} position="right">
              <Link to={to} className={classes.place} activeProps={HERE} {...(to === "/workflows" && inRun ? HERE : {})}>
                <Icon size={20} aria-hidden />
                <VisuallyHidden>{t(words)}</VisuallyHidden>
                {to === "/attention" && <AttentionBadge />}
                {to === "/reviews" && <ReviewsBadge />}
                <span className={classes.words} aria-hidden>
                  {t(words)}
                </span>
              </Link>
            </Tooltip>
          </li>
        ))}
      </ul>
      <AccountMenu />
    </nav>
  );
}
