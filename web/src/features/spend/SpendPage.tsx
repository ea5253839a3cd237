import { Page } from "@/ui/Page";

export function SpendPage() {
  return <Page title="Performance and spend">{null}</Page>;
}
