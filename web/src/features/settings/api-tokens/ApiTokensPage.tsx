import { Page } from "@/ui/Page";

export function ApiTokensPage() {
  return <Page title="API tokens">{null}</Page>;
}
