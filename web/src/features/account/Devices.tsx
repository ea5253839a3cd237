import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorCard } from "@/ui/ErrorCard";
import { Moment } from "@/ui/Moment";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill } from "@/ui/StatusPill";
import { say, sayProblem } from "@/ui/toast";
import { type Device, devicesQuery, useEndDevices } from "./queries";
import { readUserAgent } from "./user-agent";

/** Where one is signed in, and how to sign out there. */
export function Devices() {
  const { t } = useTranslation("account");
  const { data: devices, error, refetch } = useQuery(devicesQuery);
  const end = useEndDevices();
  const several = (devices?.length ?? 0) > 1;
  const signOut = (device: Device | "others") =>
    end.mutate(device, { onSuccess: () => say(t(device === "others" ? "devices.othersEnded" : "devices.ended")), onError: (problem) => sayProblem(problem) });

  return (
    <Section
      title={t("devices.title")}
      description={t("devices.text")}
      actions={
        several && (
          <Button variant="default" loading={end.isPending} onClick={() => signOut("others")}>
            {t("devices.endOthers")}
          </Button>
        )
      }
    >
      {error ? (
        <ErrorCard error={error} title={t("devices.loadFailed")} onRetry={() => void refetch()} />
      ) : (
        <SimpleTable<Device>
          label={t("devices.title")}
          rows={devices}
          rowKey={(device) => device.id}
          columns={[
            { title: t("devices.browser"), cell: (device) => <Browser device={device} /> },
            { title: t("devices.lastSeen"), width: "170px", cell: (device) => <Moment at={device.lastSeenAt} relative /> },
            { title: t("devices.signedIn"), width: "170px", cell: (device) => <Moment at={device.createdAt} /> },
            {
              title: "",
              width: "110px",
              align: "end",
              cell: (device) =>
                !device.current && (
                  <Button variant="default" onClick={() => signOut(device)}>
                    {t("devices.end")}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Section>
  );
}

function Browser({ device }: { device: Device }) {
  const { t } = useTranslation("account");
  const { browser, system } = readUserAgent(device.userAgent);
  const known = browser && system ? t("devices.on", { browser, system }) : (browser ?? system ?? t("devices.unknown"));
  return (
    <>
      <Text size="sm" fw={500} title={device.userAgent}>
        {known} {device.current && <StatusPill tone="accent">{t("devices.here")}</StatusPill>}
      </Text>
      <Text size="xs" c="dimmed">
        {device.address}
      </Text>
    </>
  );
}
