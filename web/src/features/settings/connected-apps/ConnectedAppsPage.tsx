import { Page } from "@/ui/Page";

export function ConnectedAppsPage() {
  return <Page title="Connected apps">{null}</Page>;
}
