import { notifications } from "@mantine/notifications";
import i18next from "i18next";
import { createElement } from "react";
import { asProblem } from "@/api/problem";
import { UndoMessage } from "./UndoMessage";

/** Says that something is done. With `undo` the toast stays longer and can take it back. */
export function say(message: string, undo?: () => void): void {
  const id = `say-${Date.now()}`;
  notifications.show({
    id,
    message: undo
      ? createElement(UndoMessage, {
          message,
          onUndo: () => {
            notifications.hide(id);
            undo();
          },
        })
      : message,
    autoClose: undo ? 8000 : 3500,
    withBorder: true,
    closeButtonProps: { "aria-label": i18next.t("action.close") },
    color: "accent",
  });
}

/** Says that something failed, with the server's own words. */
export function sayProblem(error: unknown, title?: string): void {
  const problem = asProblem(error);
  notifications.show({
    title: title ?? i18next.t("error.title"),
    message: problem.message || i18next.t("error.unreachableRemedy"),
    color: "red",
    autoClose: 10_000,
    withBorder: true,
    closeButtonProps: { "aria-label": i18next.t("action.close") },
    role: "alert",
  });
}
