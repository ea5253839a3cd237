import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { type ComponentType, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import {
  ConnectedAppsIcon,
  ContactIcon,
  HealthIcon,
  HistoryIcon,
  KeyIcon,
  KnowledgeIcon,
  MailIcon,
  MoneyIcon,
  PropertiesIcon,
  UsersIcon,
  WebhookIcon,
} from "@/design/icons";
import classes from "./SettingsLayout.module.css";

interface Section {
  to: string;
  words: string;
  icon: ComponentType<{ size?: number; "aria-hidden"?: boolean }>;
  permission?: string;
}

interface SectionGroup {
  words: string;
  sections: readonly Section[];
}

const GROUPS: readonly SectionGroup[] = [
  {
    words: "settings:group.yours",
    sections: [{ to: "/settings/account", words: "settings:section.account", icon: ContactIcon }],
  },
  {
    words: "settings:group.integrations",
    sections: [
      { to: "/settings/connected-apps", words: "settings:section.connectedApps", icon: ConnectedAppsIcon, permission: "connections.read" },
      { to: "/settings/prices", words: "settings:section.prices", icon: MoneyIcon, permission: "connections.read" },
      { to: "/settings/api-tokens", words: "settings:section.apiTokens", icon: KeyIcon, permission: "tokens.manage" },
      { to: "/settings/email", words: "settings:section.email", icon: MailIcon, permission: "outbox.read" },
      { to: "/settings/webhooks", words: "settings:section.webhooks", icon: WebhookIcon, permission: "outbox.read" },
    ],
  },
  {
    words: "settings:group.data",
    sections: [
      { to: "/settings/properties", words: "settings:section.properties", icon: PropertiesIcon, permission: "properties.read" },
      { to: "/settings/knowledge", words: "settings:section.knowledge", icon: KnowledgeIcon, permission: "knowledge.read" },
    ],
  },
  {
    words: "settings:group.workspace",
    sections: [
      { to: "/settings/users", words: "settings:section.users", icon: UsersIcon, permission: "users.read" },
      { to: "/settings/audit-log", words: "settings:section.auditLog", icon: HistoryIcon, permission: "audit.read" },
      { to: "/settings/health", words: "settings:section.health", icon: HealthIcon, permission: "runs.read" },
    ],
  },
];

/** The sections of Settings at the side (a strip above on a narrow screen) and the chosen one beside them. */
export function SettingsLayout() {
  const { t } = useTranslation();
  const { may } = useSession();
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  // On the strip of a narrow screen the chosen section may be out of sight.
  useEffect(() => {
    // In braces: newer browsers give back a promise, which is no way to clean up.
    nav.current?.querySelector("[aria-current=page]")?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [pathname]);
  return (
    <div className={classes.layout}>
      <nav ref={nav} className={classes.sections} aria-label={t("settings:sections")}>
        {GROUPS.map((group) => {
          const visible = group.sections.filter((section) => section.permission === undefined || may(section.permission));
          if (visible.length === 0) return null;
          return (
            <div key={group.words} className={classes.group}>
              <h2 className={classes.groupTitle}>{t(group.words)}</h2>
              <ul>
                {visible.map(({ to, words, icon: Icon }) => (
                  <li key={to}>
                    <Link to={to} className={classes.section} activeProps={{ "data-active": true, "aria-current": "page" }}>
                      <Icon size={16} aria-hidden />
                      {t(words)}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </nav>
      <div className={classes.content}>
        <Outlet />
      </div>
    </div>
  );
}
