import { expect, test } from "vitest";
import { diffText, type Piece } from "./text-diff";

const side = (pieces: Piece[], gone: Piece["kind"]) => pieces.filter((piece) => piece.kind !== gone).map((piece) => piece.text).join("");

test("a changed word is told from the words around it", () => {
  expect(diffText("Sort the ticket by urgency.", "Sort the ticket by topic.")).toEqual([
    { kind: "same", text: "Sort the ticket by " },
    { kind: "removed", text: "urgency" },
    { kind: "added", text: "topic" },
    { kind: "same", text: "." },
  ]);
});

test("a token is one word", () => {
  expect(diffText("Hi {{ a.b }}!", "Hi {{ a.c }}!")).toEqual([
    { kind: "same", text: "Hi " },
    { kind: "removed", text: "{{ a.b }}" },
    { kind: "added", text: "{{ a.c }}" },
    { kind: "same", text: "!" },
  ]);
});

test("a space between two changed words is part of the change", () => {
  expect(diffText("one big dog", "one small cat")).toEqual([
    { kind: "same", text: "one " },
    { kind: "removed", text: "big dog" },
    { kind: "added", text: "small cat" },
  ]);
});

test("an empty text comes and goes as a whole", () => {
  expect(diffText("", "New")).toEqual([{ kind: "added", text: "New" }]);
  expect(diffText("Old", "")).toEqual([{ kind: "removed", text: "Old" }]);
  expect(diffText("Same", "Same")).toEqual([{ kind: "same", text: "Same" }]);
});

test("both texts can be put together again from the pieces, whatever they are", () => {
  let seed = 7;
  const random = (most: number) => (seed = (seed * 16807) % 2147483647) % most;
  const text = () => Array.from({ length: random(30) }, () => ["a", "b", "{{ x }}", " ", "\n", "."][random(6)]).join("");
  for (let round = 0; round < 300; round += 1) {
    const [before, after] = [text(), text()];
    const pieces = diffText(before, after);
    expect(side(pieces, "added")).toBe(before);
    expect(side(pieces, "removed")).toBe(after);
  }
});

test("long texts with nothing in common are told apart as a whole, at once", () => {
  const before = Array.from({ length: 5000 }, (_, index) => `a${index}\n`).join("");
  const after = Array.from({ length: 5000 }, (_, index) => `b${index}\n`).join("");
  expect(diffText(before, after).map((piece) => piece.kind)).toEqual(["removed", "added"]);
});
