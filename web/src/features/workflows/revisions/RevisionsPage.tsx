import { Page } from "@/ui/Page";

export function RevisionsPage() {
  return <Page title="Revisions">{null}</Page>;
}
