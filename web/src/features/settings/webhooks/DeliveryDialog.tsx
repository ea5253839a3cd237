import { Alert, Modal, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { WarningIcon } from "@/design/icons";
import { Facts } from "@/ui/Facts";
import { Moment } from "@/ui/Moment";
import classes from "../email/MailDialog.module.css";
import type { Delivery } from "./queries";

/** One webhook: where it went, how often, and the beginning of the receiver's answer. */
export function DeliveryDialog({ delivery, onClose }: { delivery: Delivery; onClose: () => void }) {
  const { t } = useTranslation("webhooks");
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{t("delivery.title", { id: delivery.id })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <Stack>
        <Facts
          facts={[
            { name: t("column.url"), value: `${delivery.method} ${delivery.url}` },
            { name: t("column.status"), value: t(`status.${delivery.status}`) },
            { name: t("column.attempts"), value: delivery.attempts },
            { name: t("column.created"), value: <Moment at={delivery.createdAt} /> },
            {
              name: t("column.run"),
              value: (
                <Link to="/runs/$runId" params={{ runId: delivery.enrollmentId }}>
                  {t("delivery.run", { id: delivery.enrollmentId })}
                </Link>
              ),
            },
            { name: t("delivery.key"), value: <span className="mono">{delivery.key}</span> },
          ]}
        />
        {delivery.error && (
          <Alert color="red" icon={<WarningIcon />}>
            {delivery.error}
          </Alert>
        )}
        <div>
          <Text size="xs" c="dimmed">
            {t("delivery.answer")}
          </Text>
          {delivery.responseStatus === null ? (
            <Text size="sm">{t("delivery.noAnswer")}</Text>
          ) : (
            <pre className={classes.text}>
              {delivery.responseStatus} {delivery.responseBody}
            </pre>
          )}
        </div>
      </Stack>
    </Modal>
  );
}
