import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./EmptyState.module.css";

interface Props {
  icon: ReactNode;
  title: string;
  text: string;
  /** The one next step, as a button. */
  action?: ReactNode;
  /** Further ways on, such as templates. */
  children?: ReactNode;
  /** 1 where the message is the whole page. */
  level?: 1 | 2;
}

/** What a screen says while it has nothing to show: what it is for, and the next step. */
export function EmptyState({ icon, title, text, action, children, level = 2 }: Props) {
  return (
    <Stack className={classes.box} align="center" gap="xs">
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <Title order={level} size="h2">
        {title}
      </Title>
      <Text c="dimmed" ta="center" maw={440}>
        {text}
      </Text>
      {action && <div className={classes.action}>{action}</div>}
      {children}
    </Stack>
  );
}
