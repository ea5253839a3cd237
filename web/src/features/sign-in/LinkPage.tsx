import { Page } from "@/ui/Page";

export function LinkPage() {
  return <Page title="Link">{null}</Page>;
}
