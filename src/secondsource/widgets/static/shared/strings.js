// The words of the interface come from one table per language; Python sends the table of the language that was chosen.

/**
 * @typedef {string | Object<string, string>} Entry  a sentence with {places}, or one per plural category of its {count}
 * @param {Object<string, any>} table @param {string} language BCP 47
 * @returns {(key: string, values?: Object<string, any>) => any} the sentence, its places filled; a list as it stands
 */
export function translator(table, language) {
  let plural; // the rules cost a few milliseconds, and most sentences have no number
  return (key, values = {}) => {
    const entry = table[key];
    if (Array.isArray(entry)) return entry;
    const sentence = typeof entry === "string" ? entry : entry[(plural ??= new Intl.PluralRules(language)).select(values.count)] ?? entry.other;
    return sentence.replace(/\{(\w+)\}/g, (_, place) => contained(String(values[place])));
  };
}

/** What stands in a sentence of the interface cannot turn the sentence around. */
function contained(value) {
  const text = value.replace(/[\u202a-\u202e\u2066-\u2069]/g, "�");
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(text) ? `\u2068${text}\u2069` : text;
}
