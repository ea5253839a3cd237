import { Page } from "@/ui/Page";

export function RecordsPage() {
  return <Page title="Records">{null}</Page>;
}
