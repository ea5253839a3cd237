import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { FieldChangeView } from "./FieldChangeView";
import type { Words } from "./readable";

const words = { lookup: {}, connection: String } as unknown as Words;

function marked(before: string, after: string) {
  const { container } = render(
    <MantineProvider>
      <FieldChangeView label="Prompt message" field={{ path: "prompt", before, after }} words={words} />
    </MantineProvider>,
  );
  const texts = (name: string) => [...container.querySelectorAll(name)].map((one) => one.textContent);
  return { removed: texts("del"), added: texts("ins") };
}

test("words that are put before a short text are all that is marked", () => {
  expect(marked("Sort this ticket.", "Be brief. Sort this ticket.")).toEqual({ removed: [], added: ["Be brief. "] });
});

test("a short value that became another one is shown as a whole, then and now", () => {
  expect(marked("gpt-4.1-mini", "gpt-4.1")).toEqual({ removed: ["gpt-4.1-mini"], added: ["gpt-4.1"] });
});
