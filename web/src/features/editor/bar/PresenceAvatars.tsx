import { Avatar, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { announce, type Colleague } from "../queries";
import { useEditor } from "../store/context";

/** Seconds between two signs of life; the server forgets a page that is silent for longer than a few of them. */
const EVERY = 15;
const NOBODY: Colleague[] = [];

/** Who else has this workflow open. */
export function PresenceAvatars({ flowId }: { flowId: string }) {
  const { t } = useTranslation("editor");
  const formats = useFormats();
  const readOnly = useEditor((state) => state.readOnly);
  const { data: others = NOBODY } = useQuery({
    queryKey: ["editor", flowId, "presence"],
    queryFn: () => announce(flowId, !readOnly),
    refetchInterval: EVERY * 1000,
    retry: false,
    gcTime: 0,
  });
  useEffect(() => {
    if (readOnly) return undefined;
    return () => void announce(flowId, false).catch(() => undefined); // forgotten by itself soon after
  }, [flowId, readOnly]);
  if (others.length === 0) return null;
  const names = others.map((one) => one.name);
  return (
    <Avatar.Group role="group" aria-label={t("presence.others", { names: names.join(", "), count: others.length })}>
      {others.slice(0, 3).map((one) => (
        <Tooltip key={one.id} label={t("presence.since", { name: one.name, ago: formats.ago(one.since) })}>
          <Avatar size={26} radius="xl" color="accent" name={one.name} alt="" />
        </Tooltip>
      ))}
      {others.length > 3 && (
        <Avatar size={26} radius="xl">
          {t("presence.more", { count: others.length - 3 })}
        </Avatar>
      )}
    </Avatar.Group>
  );
}
