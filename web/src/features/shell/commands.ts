import type { TFunction } from "i18next";
import type { ComponentType } from "react";
import {
  AttentionIcon,
  CompanyIcon,
  ConnectedAppsIcon,
  ContactIcon,
  DealIcon,
  HealthIcon,
  HistoryIcon,
  ImportIcon,
  KeyIcon,
  KnowledgeIcon,
  MailIcon,
  MoneyIcon,
  PlusIcon,
  PropertiesIcon,
  ReviewsIcon,
  ShortcutsIcon,
  SpendIcon,
  TicketIcon,
  UsersIcon,
  WebhookIcon,
  WorkflowsIcon,
} from "@/design/icons";

type IconType = ComponentType<{ size?: number; "aria-hidden"?: boolean }>;

/** One line of the command menu: leads to `href`, or does `run`. `synonyms` are found too, but not shown. */
export interface Command {
  id: string;
  label: string;
  icon: IconType;
  description?: string;
  synonyms?: string;
  href?: string;
  run?: () => void;
}

interface Fixed {
  id: string;
  icon: IconType;
  href: string;
  permission?: string;
}

const FIXED: readonly Fixed[] = [
  { id: "workflows", icon: WorkflowsIcon, href: "/workflows", permission: "flows.read" },
  { id: "createWorkflow", icon: PlusIcon, href: "/workflows?create=true", permission: "flows.write" },
  { id: "attention", icon: AttentionIcon, href: "/attention", permission: "runs.read" },
  { id: "reviews", icon: ReviewsIcon, href: "/reviews", permission: "runs.read" },
  { id: "spend", icon: SpendIcon, href: "/spend", permission: "runs.read" },
  { id: "contacts", icon: ContactIcon, href: "/records/contacts", permission: "records.read" },
  { id: "companies", icon: CompanyIcon, href: "/records/companies", permission: "records.read" },
  { id: "deals", icon: DealIcon, href: "/records/deals", permission: "records.read" },
  { id: "tickets", icon: TicketIcon, href: "/records/tickets", permission: "records.read" },
  { id: "importContacts", icon: ImportIcon, href: "/records/contacts/import", permission: "imports.run" },
  { id: "connectedApps", icon: ConnectedAppsIcon, href: "/settings/connected-apps", permission: "connections.read" },
  { id: "connect", icon: PlusIcon, href: "/settings/connected-apps?connect=true", permission: "connections.manage" },
  { id: "prices", icon: MoneyIcon, href: "/settings/prices", permission: "connections.read" },
  { id: "users", icon: UsersIcon, href: "/settings/users", permission: "users.read" },
  { id: "apiTokens", icon: KeyIcon, href: "/settings/api-tokens", permission: "tokens.manage" },
  { id: "knowledge", icon: KnowledgeIcon, href: "/settings/knowledge", permission: "knowledge.read" },
  { id: "properties", icon: PropertiesIcon, href: "/settings/properties", permission: "properties.read" },
  { id: "email", icon: MailIcon, href: "/settings/email", permission: "outbox.read" },
  { id: "webhooks", icon: WebhookIcon, href: "/settings/webhooks", permission: "outbox.read" },
  { id: "auditLog", icon: HistoryIcon, href: "/settings/audit-log", permission: "audit.read" },
  { id: "health", icon: HealthIcon, href: "/settings/health", permission: "runs.read" },
  { id: "account", icon: ContactIcon, href: "/settings/account" },
];

/** The places and deeds that this person may use, in their language. */
export function placesAndDeeds(t: TFunction, may: (permission: string) => boolean, onHelp: () => void): Command[] {
  const places = FIXED.filter((one) => one.permission === undefined || may(one.permission)).map(({ id, icon, href }) => ({
    id,
    icon,
    href,
    label: t(`shell:command.to.${id}`),
    synonyms: t(`shell:command.synonyms.${id}`, { defaultValue: "" }),
  }));
  return [...places, { id: "help", icon: ShortcutsIcon, label: t("shell:command.to.help"), run: onHelp }];
}

/** The commands that hold every word typed; those whose label begins with it come first. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (command: Command) => `${command.label} ${command.synonyms ?? ""}`.toLowerCase();
  const start = typed.trim().toLowerCase();
  return commands
    .filter((command) => words.every((word) => text(command).includes(word)))
    .sort((one, other) => Number(other.label.toLowerCase().startsWith(start)) - Number(one.label.toLowerCase().startsWith(start)));
}

const RECENT = "penstock-recent-commands";
const MOST_RECENT = 4;

/** Notes that a place or deed was used; workflows and records are not kept, since they hold customers' names. */
export function remember(command: Command): void {
  if (!FIXED.some((one) => one.id === command.id)) return;
  const ids = [command.id, ...recentIds().filter((id) => id !== command.id)].slice(0, MOST_RECENT);
  localStorage.setItem(RECENT, JSON.stringify(ids));
}

export function recentlyUsed(commands: readonly Command[]): Command[] {
  return recentIds().flatMap((id) => commands.find((command) => command.id === id) ?? []);
}

function recentIds(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(stored) ? stored.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}
