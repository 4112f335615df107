// Chains as values: what they are in a label document, and each step of building one as changes to it.

/**
 * @typedef {{key: string, relation: Relation|null, hands: Span[]}} Chain  without a relation: a beginning, one hand alone
 */

/** The kind of link that a chain is. */
const KIND = "chain";
/** A chain of one hand that also stands elsewhere is on the page alone; it becomes a link with its second hand. */
export const BEGUN = "begun";

/**
 * All chains, in the order in which they were made, then the hands that stand in none, in the order of the text.
 * @param {Marks} state @param {string} layer @param {string|null} [begun] id of the hand that a new chain begins with
 * @returns {Chain[]}
 */
export function chainsOf({ spans, relations }, layer, begun = null) {
  const inside = (id) => spans.get(id)?.layer === layer;
  const linked = [...relations.values()].filter(({ type, members }) => type === KIND && members.every(inside))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((relation) => ({ key: relation.id, relation, hands: relation.members.map((id) => spans.get(id)) }));
  const taken = new Set(linked.flatMap(({ hands }) => hands.map(({ id }) => id)));
  const alone = [...spans.values()].filter((span) => span.layer === layer && !taken.has(span.id))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const open = taken.has(begun) ? [{ key: BEGUN, relation: null, hands: [spans.get(begun)] }] : [];
  return [...linked, ...alone.map((span) => ({ key: span.id, relation: null, hands: [span] })), ...open];
}

/**
 * What a reader has to take on trust: every hand whose words the text does not show passes on something that cannot be
 * checked. Behind a gap there may be more.
 * @param {Span[]} hands @returns {{count: number, gaps: number, open: number}}  open: questions without an answer
 */
export function handOvers(hands) {
  return {
    count: hands.filter(({ attributes }) => attributes.shown !== "shown").length,
    gaps: hands.filter(({ attributes }) => attributes.onward === "gap").length,
    open: hands.reduce((sum, { attributes }) => sum + ["shown", "onward"].filter((name) => !attributes[name]).length, 0),
  };
}

/** Names of links sort in the order in which they were made. */
export const chainId = (now, random) => `c${now.toString(36).padStart(9, "0")}${random.slice(0, 10)}`;

/**
 * A hand comes into a chain, at its end.
 * @param {Chain|null} chain null: it begins a new one @param {Span} span @param {boolean} known whether it is marked already
 * @param {string} id of the link, if it needs one @returns {Change[]}
 */
export function joined(chain, span, known, id) {
  const members = [...(chain?.hands ?? []).map((hand) => hand.id), span.id];
  const relation = { ...(chain?.relation ?? { id, type: KIND, parent: null }), members };
  return [...(known ? [] : [{ op: "add", span }]), ...(chain ? [{ op: "link", relation }] : [])];
}

/** A hand goes one place on. @returns {Change[]} none at the end of the chain */
export function moved({ relation }, id, step) {
  const members = [...(relation?.members ?? [])];
  const [from, to] = [members.indexOf(id), members.indexOf(id) + step];
  if (from < 0 || to < 0 || to >= members.length) return [];
  [members[from], members[to]] = [members[to], members[from]];
  return [{ op: "link", relation: { ...relation, members } }];
}

/** Whether a hand stands in another chain too. @param {Chain[]} chains */
export const elsewhere = (chains, chain, id) =>
  chains.some((other) => other.key !== chain.key && other.hands.some((hand) => hand.id === id));

/**
 * A hand leaves a chain. One that stands in no other is no hand any more, and its mark goes; a chain of one is no link.
 * @param {Chain[]} chains @returns {Change[]}
 */
export function left(chains, chain, span) {
  if (!elsewhere(chains, chain, span.id)) return [{ op: "remove", span }];
  if (!chain.relation) return [];
  const members = chain.relation.members.filter((id) => id !== span.id);
  return members.length > 1 ? [{ op: "link", relation: { ...chain.relation, members } }] : [{ op: "unlink", relation: chain.relation }];
}

/** A whole chain goes, with the marks of hands that stand in no other. @param {Chain[]} chains @returns {Change[]} */
export function dissolved(chains, chain) {
  const gone = chain.hands.filter((span) => !elsewhere(chains, chain, span.id));
  return [...(chain.relation ? [{ op: "unlink", relation: chain.relation }] : []), ...gone.map((span) => ({ op: "remove", span }))];
}

/** Where a chain is after a change: under its name, else under that of one of its hands. @param {Chain[]} chains */
export function followed(chains, key, hands) {
  const found = chains.find((chain) => chain.key === key)
    ?? chains.find((chain) => !chain.relation && hands.some((span) => span.id === chain.key));
  return found ?? null;
}

/**
 * All chains seen from the page: who brought it here, who brought it to them, and so on. What came through the same
 * hands stands in one branch, and no more than once.
 * @param {Span[][]} chains hands from the origin on @returns {{span: Span, chains: number, before: any[]}[]}
 */
export function branches(chains) {
  const roots = [];
  for (const hands of chains) {
    let here = roots;
    for (const span of [...hands].reverse()) {
      let branch = here.find((each) => each.span.id === span.id);
      if (!branch) here.push(branch = { span, chains: 0, before: [] });
      branch.chains += 1;
      here = branch.before;
    }
  }
  return roots;
}
