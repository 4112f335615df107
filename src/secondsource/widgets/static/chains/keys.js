// What the keys do while the text has the focus; the same keys as in the labeller, where they mean the same.

import { graphic, shortcutOf } from "../shared/keys.js";

const WAYS = {
  ArrowLeft: ["character", -1], ArrowRight: ["character", 1], ArrowUp: ["line", -1], ArrowDown: ["line", 1],
  Home: ["lineboundary", -1], End: ["lineboundary", 1],
};
/** @type {Object<string, [number, boolean]>} direction, extend */
const BY_SENTENCE = { "[": [-1, false], "]": [1, false], "{": [-1, true], "}": [1, true] };

/** @returns {boolean} whether the key was meant for the text */
export function textKey(app, event) {
  const { key } = event;
  const modified = !graphic(event) && (event.ctrlKey || event.metaKey || event.altKey);
  if (WAYS[key]) walk(app, event);
  else if (modified) return false;
  else if (event.repeat && !BY_SENTENCE[key]) return true;
  else if (key === "Enter") app.put(app.picked(), app.current);
  else if (key === " ") app.handAtCaret();
  else if (key === "Delete" || key === "Backspace") app.removeSelected();
  else return app.singleKeys && key.length === 1 && single(app, shortcutOf(event, []));
  return true;
}

function walk({ reader }, { key, shiftKey, ctrlKey, altKey, metaKey }) {
  let [kind, direction] = WAYS[key];
  const far = ctrlKey || altKey;
  if (kind === "character") {
    if (reader.rtl) direction = -direction;
    kind = metaKey ? "lineboundary" : far ? "word" : kind;
  } else if (kind === "line") kind = metaKey ? "article" : far ? "sentence" : kind;
  else if (far || metaKey) kind = "article";
  reader.move(kind, direction, shiftKey);
}

function single(app, key) {
  if (key === "n") app.put(app.picked(), null);
  else if (key === "c") app.editor.takeFocus();
  else if (key === "/") app.typing.open();
  else if (key === "m") app.markers.switch(!app.markers.on);
  else if (key === "t") app.tapping.switch(!app.tapping.on);
  else if (key === "?") app.help.open();
  else if (BY_SENTENCE[key]) app.reader.move("sentence", ...BY_SENTENCE[key]);
  else return false;
  return true;
}
