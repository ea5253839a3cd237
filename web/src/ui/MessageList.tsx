import "@mantine/notifications/styles.css";
import { Notifications } from "@mantine/notifications";

/** The short messages at the foot of the page. */
export function MessageList() {
  return <Notifications position="bottom-center" limit={3} containerWidth={420} />;
}
