import { Page } from "@/ui/Page";

export function AttentionPage() {
  return <Page title="Needs attention">{null}</Page>;
}
