import { Page } from "@/ui/Page";

export function AccountPage() {
  return <Page title="Your account">{null}</Page>;
}
