import { Page } from "@/ui/Page";

export function PropertiesPage() {
  return <Page title="Properties">{null}</Page>;
}
