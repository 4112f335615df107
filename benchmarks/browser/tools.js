// Each tool as its own documentation says it is used, with the least around it that it needs.

/** What a bundler would fill in; Recogito's package asks for it. */
window.process = { env: { NODE_ENV: "production" } };

/** A model as anywidget hands it to a widget: setting a trait tells those who listen, at once. */
class Model {
  constructor(traits) { this.traits = traits; this.handlers = new Map(); this.sent = []; }
  get(name) { return this.traits[name]; }
  set(name, value) { this.traits[name] = value; this.emit(`change:${name}`); }
  save_changes() {}
  on(event, callback) { this.handlers.set(event, [...(this.handlers.get(event) ?? []), callback]); }
  off(event, callback) { this.handlers.set(event, (this.handlers.get(event) ?? []).filter((other) => callback && other !== callback)); }
  emit(event, ...args) { for (const callback of this.handlers.get(event) ?? []) callback(...args); }
  send(message) { this.sent.push(message); }
}

/** A frame with a column of text, one element per paragraph. */
function column(data) {
  const text = document.createElement("div");
  text.className = "bench-text";
  for (const { text: words } of data.blocks) {
    const p = document.createElement("p");
    p.textContent = words;
    text.append(p);
  }
  const frame = document.createElement("div");
  frame.className = "bench-frame";
  frame.append(text);
  return { frame, text };
}

/** A range by characters of the article's text, which may be cut into pieces; names that a tool writes between are none of it. */
function rangeIn(element, from, to) {
  const own = (node) => (node.parentElement.closest(".so-inline-label") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, own);
  const range = document.createRange();
  let at = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (from >= at && from < at + node.length) range.setStart(node, from - at);
    if (to > at && to <= at + node.length) range.setEnd(node, to - at);
    at += node.length;
  }
  return range;
}

const select = (range) => getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);

const tools = {
  /** The limit: the text and nothing else. */
  plain(data) {
    let built;
    return {
      data,
      mount(root) { built = column(data); root.append(built.frame); },
      ready: () => true,
      scroller: () => built.frame,
    };
  },

  /** Our labeller as in a notebook: bar, inspector, table; the key of a label is pressed in the text. */
  labeller(data, { widget }) {
    const model = new Model({ _view: data.view, _state: data.state });
    let root;
    return {
      data,
      mount(el) { root = el; widget.render({ model, el }); },
      ready: () => root.querySelector(".ss-seg[data-ids]") !== null,
      whole: () => root.querySelector(".ss-opening") === null && root.querySelector(".ss-table tbody tr") !== null,
      aim(place) {
        root.querySelector(".ss-scroller").focus({ preventScroll: true });
        const block = root.querySelectorAll(".ss-block")[place.block];
        select(rangeIn(block, place.from, place.to));
        model.sent.length = 0;
      },
      add() {
        const init = { key: data.key, bubbles: true, cancelable: true };
        root.querySelector(".ss-scroller").dispatchEvent(new KeyboardEvent("keydown", init));
      },
      added() {
        const made = model.sent.find((message) => message.op === "add");
        return made && root.querySelector(`.ss-seg[data-ids~="${made.span.id}"]`) !== null;
      },
      scroller: () => root.querySelector(".ss-scroller"),
    };
  },

  /** spanmark: its widget with the traits its session gives it; words are selected and the mouse is released. */
  spanmark(data, { widget, overlaps }) {
    const model = new Model({
      text: data.text, labels: data.labels, doc_id: "text", index: 0, total: 1, answer: "", flagged: false, can_undo: false,
      spans: data.spans.map(({ id, start, end, label }) => ({ _id: id, start, end, label, source: "user" })),
      allow_overlaps: overlaps, complete: false, reviewing_flagged: false, decided_count: 0, accept_count: 0, reject_count: 0,
      ignore_count: 0, flagged_count: 0, trim_whitespace: true, event: {}, status: "",
    });
    const marks = () => root.querySelectorAll(overlaps ? ".so-rail-badge" : "mark");
    let root, before;
    return {
      data,
      mount(el) { root = el; widget.render({ model, el }); },
      ready: () => marks().length > 0,
      aim(place) { select(rangeIn(root.querySelector(".so-textlayer"), place.start, place.end)); before = model.get("spans").length; },
      add() { root.querySelector(".so-textlayer").dispatchEvent(new MouseEvent("mouseup", { bubbles: true })); },
      added() {
        const { _id } = model.get("spans").at(-1);
        return model.get("spans").length > before && root.querySelector(`[data-span-id="${_id}"]`) !== null;
      },
      scroller: () => root.querySelector(".so-text"),
    };
  },

  /** Recogito's text annotator: annotations by offsets at the start, then one with the range that was selected. */
  recogito(data, { renderer }) {
    let built, annotator, wanted;
    const target = (id, start, end, more = {}) => ({ annotation: id, selector: [{ quote: data.text.slice(start, end), start, end, ...more }] });
    // Newlines between paragraphs are in the article and not in the page: its offsets count the characters of the page.
    const annotations = data.spans.map(({ id, paged }) => ({ id, bodies: [], target: target(id, ...paged) }));
    const drawn = (id) => (renderer === "SPANS"
      ? built.frame.querySelector(`.r6o-annotation[data-annotation="${id}"]`) !== null : CSS.highlights.has(`_${id}`));
    return {
      data,
      mount(root) {
        built = column(data);
        root.append(built.frame);
        annotator = window.RecogitoJS.createTextAnnotator(built.text, { renderer });
        annotator.setAnnotations(annotations);
      },
      ready: () => (renderer === "SPANS" ? built.frame.querySelector(".r6o-annotation") !== null : CSS.highlights.size > 0),
      aim(place) { wanted = rangeIn(built.text.children[place.block], place.from, place.to); },
      add(place) {
        const selector = target(place.id, ...place.paged, { range: wanted });
        annotator.addAnnotation({ id: place.id, bodies: [], target: selector });
      },
      added: (place) => drawn(place.id),
      scroller: () => built.frame,
    };
  },

  /** The comparison's text without marks. */
  unmarked(data) { return tools.plain(data); },

  /** Our comparison view: a row of the list is chosen. */
  comparison(data, { widget }) {
    const model = new Model({ _view: data.view, selected: -1 });
    let root;
    return {
      data,
      mount(el) { root = el; widget.render({ model, el }); },
      ready: () => root.querySelector(".ss-seg") !== null,
      whole: () => root.querySelector(".ss-c-row-head") !== null,
      add({ row }) { model.set("selected", row); },
      added: ({ row }) => model.get("selected") === row && root.querySelector(".ss-c-on") !== null,
      scroller: () => root.querySelector(".ss-c-article") ?? document.scrollingElement,
    };
  },
};
