import type { ReactNode } from "react";
import { BackIcon } from "@/design/icons";
import { LinkButton } from "@/ui/LinkButton";

interface Props {
  to: "/settings/knowledge" | "/settings/knowledge/$setId";
  params?: { setId: string };
  children: ReactNode;
}

/** The way back, before a page's title. */
export function BackLink({ to, params, children }: Props) {
  return (
    <LinkButton to={to} params={params ?? {}} variant="subtle" color="gray" size="compact-sm" leftSection={<BackIcon size={16} />}>
      {children}
    </LinkButton>
  );
}
