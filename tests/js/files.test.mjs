// Rules for every script: what anywidget can load, and nothing that turns a string into markup.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { translator } from "../../src/secondsource/widgets/static/shared/strings.js";

const folder = new URL("../../src/secondsource/widgets/static/", import.meta.url);
const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".js"));

for (const name of files) {
  const source = readFileSync(new URL(name, folder), "utf8");

  test(`${name} imports only by name from a file beside it, so that Python can put the files together`, () => {
    const rest = source.replace(/^import \{[^}]*\} from "\.{1,2}\/[\w./]+\.js";$/gm, "");
    assert.doesNotMatch(rest, /^\s*import\b|\bimport\s*\(|^export .* from/m);
  });

  test(`${name} writes no markup and calls nobody`, () => {
    const banned = /innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|document\.write|srcdoc|\beval\b|new Function|console\.|https?:/;
    assert.doesNotMatch(source, banned);
  });
}

test("there are files to check", () => assert.ok(files.length > 5));

test("a sentence is chosen by the number in it and its places are filled once", () => {
  const t = translator({ a: { one: "{count} word", other: "{count} words" }, b: "{x}, {y}", c: ["{x}"] }, "en");
  assert.deepEqual([t("a", { count: 1 }), t("a", { count: 0 }), t("b", { x: "{y}", y: "$&" }), t("c")], ["1 word", "0 words", "{y}, $&", ["{x}"]]);
});
