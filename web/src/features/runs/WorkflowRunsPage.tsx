import { Page } from "@/ui/Page";

export function WorkflowRunsPage() {
  return <Page title="Runs">{null}</Page>;
}
