import { Page } from "@/ui/Page";

export function RecordPage() {
  return <Page title="Record">{null}</Page>;
}
