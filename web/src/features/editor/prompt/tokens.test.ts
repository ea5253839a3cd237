import { expect, test } from "vitest";
import { smallestChange } from "./code-field";
import { estimateTokens, filterArgument, findTokens, outputOf, outputPath, withFence, withFilter, writeToken } from "./tokens";

const only = (text: string) => {
  const [token] = findTokens(text);
  if (!token) throw new Error(`no token in ${text}`);
  return token;
};

test("a token is read with its filters, and written again as it was", () => {
  const text = String.raw`{{ enrolled_object.content | truncate(600, "…") | default("say \"hi\"") | lower }}`;
  const token = only(`Text: ${text}!`);
  expect(token).toMatchObject({ from: 6, to: 6 + text.length, path: "enrolled_object.content" });
  expect(token.filters).toEqual([
    { name: "truncate", args: [600, "…"] },
    { name: "default", args: ['say "hi"'] },
    { name: "lower", args: [] },
  ]);
  expect(writeToken(token)).toBe(text);
});

test("what the server takes for text is no token here either", () => {
  for (const text of ["{{ }}", "{{ a b }}", "{{ a.__class__ }}", "{ { a } }", "{{ a | 9 }}", '{{ a | default("x }}', `{{ ${"a".repeat(1000)} }}`]) {
    expect(findTokens(text), text).toEqual([]);
  }
  expect(only("{{{{ enrolled_object.email }}")).toMatchObject({ from: 2 });
});

test("a text that only begins tokens is read in no time", () => {
  const started = performance.now();
  expect(findTokens("{{ a | default(".repeat(6_000))).toEqual([]);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("a filter is set in its place, and taken out when it is emptied", () => {
  const token = only('{{ enrolled_object.a | default("x") | upper }}');
  expect(writeToken(withFilter(token, "default", "y"))).toBe('{{ enrolled_object.a | default("y") | upper }}');
  expect(writeToken(withFilter(token, "default", ""))).toBe("{{ enrolled_object.a | upper }}");
  expect(filterArgument(withFilter(token, "truncate", 20), "truncate")).toBe(20);
});

test("a fence is put around a token as its last filter, and taken away", () => {
  const token = only("{{ enrolled_object.a | trim }}");
  expect(writeToken(withFence(token, true))).toBe("{{ enrolled_object.a | trim | fenced }}");
  expect(writeToken(withFence(withFence(token, true), true))).toBe("{{ enrolled_object.a | trim | fenced }}");
  expect(writeToken(withFence(withFence(token, true), false))).toBe("{{ enrolled_object.a | trim }}");
});

test("an output's path names its action and itself", () => {
  expect(outputOf(outputPath("12", "urgency"))).toEqual({ actionId: "12", output: "urgency" });
  expect(outputOf("enrolled_object.urgency")).toBeUndefined();
});

test("tokens do not count as text of the prompt", () => {
  expect(estimateTokens("12345678{{ enrolled_object.a_very_long_name }}")).toBe(2);
});

test("a text from elsewhere changes only what differs, so that the caret stays", () => {
  expect(smallestChange("one two three", "one 2 three")).toEqual({ from: 4, to: 7, insert: "2" });
  expect(smallestChange("aaa", "aa")).toEqual({ from: 2, to: 3, insert: "" });
});
