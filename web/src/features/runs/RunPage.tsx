import { Page } from "@/ui/Page";

export function RunPage() {
  return <Page title="Run">{null}</Page>;
}
