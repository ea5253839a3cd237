import { Button, MantineProvider } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { Withheld } from "./Withheld";

function shown(because: string | false) {
  const press = vi.fn();
  render(
    <MantineProvider>
      <Withheld because={because}>
        <Button onClick={press}>Publish</Button>
      </Withheld>
    </MantineProvider>,
  );
  return { press, button: screen.getByRole("button", { name: "Publish" }) };
}

test("a withheld button can be reached, says why, and does nothing", () => {
  const { press, button } = shown("Only owners publish.");
  button.focus();
  expect(document.activeElement).toBe(button);
  expect(button.getAttribute("aria-disabled")).toBe("true");
  const words = document.getElementById(button.getAttribute("aria-describedby") ?? "");
  expect(words?.textContent).toBe("Only owners publish.");
  fireEvent.click(button);
  expect(press).not.toHaveBeenCalled();
});

test("without a reason it is a button like any other", () => {
  const { press, button } = shown(false);
  expect(button.getAttribute("aria-disabled")).toBeNull();
  fireEvent.click(button);
  expect(press).toHaveBeenCalledOnce();
});
