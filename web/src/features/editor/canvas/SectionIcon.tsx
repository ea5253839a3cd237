import { type ComponentType, memo } from "react";
import { AiIcon, BranchIcon, CustomObjectIcon, DelayIcon, EditRecordIcon, GoToIcon, MailIcon, FieldsIcon, WebhookIcon } from "@/design/icons";

type IconType = ComponentType<{ size?: number; "aria-hidden"?: boolean }>;

const OF_ACTION: Readonly<Record<string, IconType>> = {
  use_custom_llm: AiIcon,
  edit_record: EditRecordIcon,
  internal_email: MailIcon,
  send_webhook: WebhookIcon,
  go_to: GoToIcon,
};

const OF_SECTION: Readonly<Record<string, IconType>> = {
  AI: AiIcon,
  CRM: EditRecordIcon,
  Communication: MailIcon,
  Delay: DelayIcon,
  Branch: BranchIcon,
  "Data ops": FieldsIcon,
};

/** The picture of an action: its own where it has one, else its section's. */
export const SectionIcon = memo(function SectionIcon({ name, section, size }: { name: string | undefined; section: string | undefined; size: number }) {
  const Icon = OF_ACTION[name ?? ""] ?? OF_SECTION[section ?? ""] ?? CustomObjectIcon;
  return <Icon size={size} aria-hidden />;
});
