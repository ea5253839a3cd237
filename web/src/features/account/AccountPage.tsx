import { useTranslation } from "react-i18next";
import { Page } from "@/ui/Page";
import { Appearance } from "./Appearance";
import { Devices } from "./Devices";
import { Password } from "./Password";
import { Profile } from "./Profile";

/** Your account: name, language and colours, password, and where you are signed in. */
export function AccountPage() {
  const { t } = useTranslation("account");
  return (
    <Page title={t("title")}>
      <Profile />
      <Appearance />
      <Password />
      <Devices />
    </Page>
  );
}
