import { expect, test } from "vitest";
import { localPath, readFragment } from "./destination";

const TOKEN = "7P7K9H18fGh_v3NK0J733rVlRJHkGxGyGWK1hOA6LwE";

test("a link gives its secret and where it leads", () => {
  expect(readFragment(`#${TOKEN}`)).toEqual({ token: TOKEN });
  expect(readFragment(`#${TOKEN}&to=/runs/1%3Fstep%3D2`)).toEqual({ token: TOKEN, to: "/runs/1?step=2" });
});

test("a link leads to places of ours only", () => {
  for (const elsewhere of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", ""]) {
    expect(readFragment(`#${TOKEN}&to=${encodeURIComponent(elsewhere)}`)).toEqual({ token: TOKEN });
    expect(localPath(elsewhere)).toBeUndefined();
  }
});

test("nobody is led back to the sign-in or a used link, as who signs out may be", () => {
  for (const before of ["/sign-in", "/sign-in?to=%2Fworkflows", "/link#x", "/link"]) expect(localPath(before)).toBeUndefined();
  expect(localPath("/link-lists")).toBe("/link-lists");
});

test("an address without a secret is no link", () => {
  for (const hash of ["", "#", "#short", "#with space in it, which no secret has"]) expect(readFragment(hash)).toBeUndefined();
});
