import { Alert, Button, Modal, Skeleton, Stack, Tabs, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { RetryIcon, WarningIcon } from "@/design/icons";
import { DialogFooter } from "@/ui/DialogFooter";
import { ErrorCard } from "@/ui/ErrorCard";
import { Facts } from "@/ui/Facts";
import { Moment } from "@/ui/Moment";
import { say, sayProblem } from "@/ui/toast";
import classes from "./MailDialog.module.css";
import { mailQuery, useResend } from "./queries";

interface Props {
  mailId: string;
  onClose: () => void;
}

/** One mail as its reader sees it, in a frame where nothing runs and nothing is fetched. */
export function MailDialog({ mailId, onClose }: Props) {
  const { t } = useTranslation("mail");
  const { may } = useSession();
  const { data: mail, error } = useQuery(mailQuery(mailId));
  const resend = useResend();
  const resendable = mail && (mail.status === "failed" || mail.status === "kept");

  return (
    <Modal opened onClose={onClose} size="xl" title={<Text fw={600}>{mail?.subject || t("noSubject")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      {error ? (
        <ErrorCard error={error} />
      ) : mail === undefined ? (
        <Skeleton h={360} />
      ) : (
        <Stack>
          <Facts
            facts={[
              { name: t("column.recipients"), value: mail.recipients.join(", ") },
              { name: t("column.status"), value: t(`status.${mail.status}`) },
              { name: t("column.created"), value: <Moment at={mail.createdAt} /> },
              ...(mail.sentAt ? [{ name: t("column.sent"), value: <Moment at={mail.sentAt} /> }] : []),
              ...(mail.enrollmentId
                ? [
                    {
                      name: t("column.run"),
                      value: (
                        <Link to="/runs/$runId" params={{ runId: mail.enrollmentId }}>
                          {t("run", { id: mail.enrollmentId })}
                        </Link>
                      ),
                    },
                  ]
                : []),
            ]}
          />
          {mail.error && (
            <Alert color="red" icon={<WarningIcon />}>
              {mail.error}
            </Alert>
          )}
          <Tabs defaultValue="look">
            <Tabs.List>
              <Tabs.Tab value="look">{t("tab.look")}</Tabs.Tab>
              <Tabs.Tab value="text">{t("tab.text")}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="look" pt="sm">
              <iframe className={classes.frame} title={t("tab.look")} sandbox="" src={`/penstock/v1/outbox/${mail.id}/preview`} />
            </Tabs.Panel>
            <Tabs.Panel value="text" pt="sm">
              <pre className={classes.text}>{mail.text}</pre>
            </Tabs.Panel>
          </Tabs>
          {resendable && may("outbox.operate") && (
            <DialogFooter>
              <Button
                leftSection={<RetryIcon size={14} />}
                loading={resend.isPending}
                onClick={() =>
                  resend.mutate(mail.id, {
                    onSuccess: () => say(t("resent")),
                    onError: (problem) => sayProblem(problem),
                  })
                }
              >
                {t("resend")}
              </Button>
            </DialogFooter>
          )}
        </Stack>
      )}
    </Modal>
  );
}
