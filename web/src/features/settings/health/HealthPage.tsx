import { Page } from "@/ui/Page";

export function HealthPage() {
  return <Page title="System health">{null}</Page>;
}
