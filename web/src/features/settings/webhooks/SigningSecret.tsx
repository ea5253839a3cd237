import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { KeyIcon } from "@/design/icons";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { SecretOnce } from "@/ui/SecretOnce";
import { Section } from "@/ui/Section";
import { sayProblem } from "@/ui/toast";
import { Withheld } from "@/ui/Withheld";
import { useIssueSigningSecret } from "./queries";

/** The secret that webhooks are signed with: made here, shown once. */
export function SigningSecret() {
  const { t } = useTranslation("webhooks");
  const { may } = useSession();
  const [asking, setAsking] = useState(false);
  const issue = useIssueSigningSecret();
  const allowed = may("secrets.manage");
  return (
    <Section
      title={t("signing.title")}
      description={t("signing.description")}
      actions={
        <Withheld because={!allowed && t("signing.refused")}>
          <Button variant="default" leftSection={<KeyIcon size={14} />} onClick={() => setAsking(true)}>
            {t("signing.issue")}
          </Button>
        </Withheld>
      }
    >
      {issue.data && <SecretOnce explanation={t("signing.explain")} secret={issue.data} />}
      <ConfirmDialog
        opened={asking}
        title={t("signing.confirmTitle")}
        confirm={t("signing.issue")}
        busy={issue.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => issue.mutate(undefined, { onError: (error) => sayProblem(error), onSettled: () => setAsking(false) })}
      >
        <Text size="sm">{t("signing.confirmText")}</Text>
      </ConfirmDialog>
    </Section>
  );
}
