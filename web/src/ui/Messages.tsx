import { useNotifications } from "@mantine/notifications";
import { useRef } from "react";
import { later } from "./later";

const MessageList = later(async () => (await import("./MessageList")).MessageList);

/** Where short messages appear. Its code is loaded with the first of them, and it stays for the way out of the last. */
export function Messages() {
  const { notifications, queue } = useNotifications();
  const wanted = useRef(false);
  wanted.current ||= notifications.length + queue.length > 0;
  return wanted.current ? <MessageList /> : null;
}
