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
    assert.doesNotMatch(source.replace('"http://www.w3.org/2000/svg"', ""), banned); // the name of a kind of element, no address
  });
}

for (const name of files) {
  const source = readFileSync(new URL(name, folder), "utf8");

  test(`${name} puts no string into a selector, a handler or an address`, () => {
    for (const [, selector] of source.matchAll(/(?:querySelector(?:All)?|closest|matches)\((`[^`]*`)/g)) {
      for (const [, value] of selector.matchAll(/\$\{([^}]*)\}/g)) assert.match(value, /^CSS\.escape\(/);
    }
    assert.doesNotMatch(source, /setAttribute\(\s*["'`](?:on|src|style|action|formaction)|\.(?:on[a-z]+|src|srcdoc)\s*=\s*["`']|javascript:|cssText(?!\s*=\s*`--ss-)|setHTML|insertRule/);
    assert.doesNotMatch(source, /Object\.prototype|__proto__/);
  });
}

test("there are files to check", () => assert.ok(files.length > 5));

test("a sentence is chosen by the number in it and its places are filled once", () => {
  const t = translator({ a: { one: "{count} word", other: "{count} words" }, b: "{x}, {y}", c: ["{x}"] }, "en");
  assert.deepEqual([t("a", { count: 1 }), t("a", { count: 0 }), t("b", { x: "{y}", y: "$&" }), t("c")], ["1 word", "0 words", "{y}, $&", ["{x}"]]);
});
