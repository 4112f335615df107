// What the press of a key means, on whatever keyboard.

/** The letter of a shortcut such as Ctrl+Z: on a keyboard without Latin letters the one that is at its place. */
export const letterOf = ({ key, code = "" }) => (/^[a-z]$/i.test(key) ? key : /^Key(.)$/.exec(code)?.[1] ?? key).toLowerCase();

/**
 * The sign of a single-key shortcut: a digit that is `taken` also where digits need Shift, as on French and Czech
 * keyboards; a letter by its place where there are no Latin ones.
 * @param {KeyboardEvent} event @param {(string|null|undefined)[]} taken shortcuts of labels
 */
export function shortcutOf({ key, code = "", shiftKey, altKey }, taken) {
  const place = /^(?:Digit|Key)(.)$/.exec(code)?.[1].toLowerCase();
  if (!place || altKey || taken.some((shortcut) => shortcut?.toLowerCase() === key.toLowerCase())) return key;
  if (code.startsWith("Digit")) return !shiftKey && taken.includes(place) ? place : key;
  return key > "\x7f" ? place : key;
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
