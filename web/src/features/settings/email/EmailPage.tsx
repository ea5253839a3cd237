import { Page } from "@/ui/Page";

export function EmailPage() {
  return <Page title="E-mail">{null}</Page>;
}
