import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { Page } from "@/ui/Page";
import { Deliveries } from "./Deliveries";
import { NamedSecrets } from "./NamedSecrets";
import { SigningSecret } from "./SigningSecret";

/** Settings > Webhooks: the signing secret, named secrets, and every delivery. */
export function WebhooksPage() {
  const { t } = useTranslation("webhooks");
  const { may } = useSession();
  return (
    <Page title={t("title")} description={t("description")}>
      <SigningSecret />
      {may("secrets.read") && <NamedSecrets />}
      <Deliveries />
    </Page>
  );
}
