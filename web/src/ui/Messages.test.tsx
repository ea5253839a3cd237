import { MantineProvider } from "@mantine/core";
import { act, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Messages } from "./Messages";
import { say } from "./toast";

test("a message appears, although nothing of the list was loaded before it", async () => {
  render(
    <MantineProvider>
      <Messages />
    </MantineProvider>,
  );
  expect(screen.queryByText("Saved")).toBeNull();
  act(() => say("Saved"));
  expect(await screen.findByText("Saved")).toBeDefined();
});
