// What the press of a key means, on whatever keyboard.

/** The letter of a shortcut such as Ctrl+Z: on a keyboard without Latin letters the one that is at its place. */
const letterOf = ({ key, code = "" }) => (/^[a-z]$/i.test(key) ? key : /^Key(.)$/.exec(code)?.[1] ?? key).toLowerCase();

/** What a key asks of the history. @param {KeyboardEvent} event @returns {"undo"|"redo"|null} */
export function historyStep(event) {
  const letter = letterOf(event);
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(letter)) return null;
  return letter === "z" && !event.shiftKey ? "undo" : "redo";
}

/** ASCII signs that French, Belgian and Czech keyboards write where others have a digit. */
const FOR_DIGIT = { 1: "&+", 3: '"', 4: "'", 5: "(", 6: "-", 8: "_!" };

/**
 * The sign of a single-key shortcut: a digit that is `taken` also where digits need Shift; a letter by its place where the
 * keyboard has no Latin ones.
 * @param {KeyboardEvent} event @param {(string|null|undefined)[]} taken shortcuts of labels
 */
export function shortcutOf({ key, code = "", shiftKey, altKey }, taken) {
  const place = /^(?:Digit|Key)(.)$/.exec(code)?.[1].toLowerCase();
  if (!place || altKey || taken.some((shortcut) => shortcut?.toLowerCase() === key.toLowerCase())) return key;
  const foreign = key > "\x7f";
  if (code.startsWith("Key")) return foreign ? place : key;
  return !shiftKey && taken.includes(place) && (foreign || FOR_DIGIT[place]?.includes(key)) ? place : key;
}

/** Whether a key makes a sign although it comes with Ctrl or Alt: with AltGr, or with Option on a Mac. */
export const graphic = (event) => event.getModifierState("AltGraph")
  || (/Mac|iP(hone|ad|od)/.test(navigator.platform) && event.altKey && !event.ctrlKey && !event.metaKey && event.key.length === 1);

/**
 * Enter that is held down repeats itself, and would press whatever button has got the focus by then: the same one of the
 * next row, and of the next. @returns {boolean} whether it was that
 */
export function heldEnter(event) {
  if (!event.repeat || event.key !== "Enter" || !event.target.matches("button")) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/** A second click of a double click falls on whatever has come to its place. */
export const once = (run) => (event) => { if (event.detail < 2) run(event); };
