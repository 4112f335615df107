// The words of the interface come from one table per language; Python sends the table of the language that was chosen.

/**
 * @typedef {string | Object<string, string>} Entry  a sentence with {places}, or one per plural category of its {count}
 * @param {Object<string, any>} table @param {string} language BCP 47
 * @returns {(key: string, values?: Object<string, any>) => any} the sentence, its places filled; a list as it stands
 */
export function translator(table, language) {
  const plural = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const entry = table[key];
    if (Array.isArray(entry)) return entry;
    const sentence = typeof entry === "string" ? entry : entry[plural.select(values.count)] ?? entry.other;
    return sentence.replace(/\{(\w+)\}/g, (_, place) => String(values[place]));
  };
}
