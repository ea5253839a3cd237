import { Page } from "@/ui/Page";

export function AuditLogPage() {
  return <Page title="Audit log">{null}</Page>;
}
