import { bend, linesOf } from "./lines.js";
import { button, h, randomId, shape, shorten, swatch } from "../shared/dom.js";
import { once } from "../shared/keys.js";
import { firstIndex } from "../shared/offsets.js";

/** Passages offered at once: the nearest ones. */
const OFFERED = 20;
/** So many labels before and after one can be linked with it. */
const AROUND = 300;

/** Spans that may be linked with one, the nearest first: of its sentence, then by how far off they are; not of all the text. */
export function candidates({ sorted }, sentences, span) {
  const here = firstIndex(sorted, (other) => other.start >= span.start);
  const home = sentences.find(({ start, end }) => start < span.end && span.start < end) ?? span;
  const far = (other) => Math.max(0, other.start - span.end, span.start - other.end);
  const rank = (other) => [other.start < home.end && home.start < other.end ? 0 : 1, far(other), other.start];
  return sorted.slice(Math.max(0, here - AROUND), here + AROUND).filter((other) => other.layer === span.layer && other.id !== span.id).map((other) => ({ other, by: rank(other) }))
    .sort((a, b) => a.by[0] - b.by[0] || a.by[1] - b.by[1] || a.by[2] - b.by[2]).map(({ other }) => other);
}

/**
 * Links between passages (who says, which words show it, what is said): told in words, drawn in the text while one of
 * them is selected or pointed at, and made in a list or by pointing. Also the flag for discussion.
 */
export class Links {
  #app; #linker = null; /** Made when they are wanted. */ #drawing = null; #hint = null; #flag = null; #list; #tools; #timer = 0;
  /** Links by the ids of their members; null: to be made anew. @type {Map<string, Relation[]>|null} */ #bySpan = null;
  /** While passages are pointed at: what they are linked with, and in which link. */ #pointing = null;
  #mine = null; #shown = "";
  /** Ids of the spans under the pointer, and of the row that has the focus. */ #peeked = { pointer: "", focus: "" };

  constructor(app) {
    this.#app = app;
    this.overlay = h("div");
    /** What the inspector shows of the selected span; filled when there is one. */
    this.el = h("div", { class: "ss-links-of" });
    this.#listen();
  }

  #makeFields() {
    const { t } = this.#app;
    this.#flag = h("input", { type: "checkbox", "data-field": "discuss", onchange: () => this.flag(this.#mine, this.#flag.checked) });
    this.#list = h("ul", { class: "ss-linked-list", "aria-label": t("links") });
    this.#tools = h("div", { class: "ss-row" },
      button(t("link_with"), () => this.open(this.#mine, null), { "data-field": "link", "aria-keyshortcuts": "&" }),
      button(t("point"), () => this.point(this.#mine), { "data-field": "point" }));
    this.el.append(h("label", { class: "ss-switch" }, this.#flag, t("discuss")), this.#list, this.#tools);
  }

  #listen() {
    const { reader, signal } = this.#app;
    const over = (event) => this.peek(event.target.closest?.(".ss-seg")?.dataset.ids ?? "", "pointer");
    reader.el.addEventListener("pointerover", over, { signal });
    reader.el.addEventListener("pointerleave", () => this.peek("", "pointer"), { signal });
    const resized = new ResizeObserver(() => this.#soon());
    resized.observe(reader.el.firstElementChild);
    signal.addEventListener("abort", () => { resized.disconnect(); cancelAnimationFrame(this.#timer); });
  }

  // ---- looking things up

  /** The kind of link that joins labels of a span's layer; null where there is none. */
  kind(span) { return this.#app.view.layers.find((layer) => layer.id === span?.layer)?.relation ?? null; }

  /** @returns {Relation[]} the links of a span */
  of(span) {
    if (!this.#bySpan) {
      this.#bySpan = new Map();
      for (const relation of this.#app.relations.values()) {
        for (const member of relation.members) this.#bySpan.set(member, [...this.#bySpan.get(member) ?? [], relation]);
      }
    }
    return this.#bySpan.get(span?.id) ?? [];
  }

  partners(relation, span) {
    return relation.members.filter((id) => id !== span.id).map((id) => this.#app.spans.get(id)).filter(Boolean);
  }

  name(span) { return this.#app.t("member", { label: this.#app.label(span).name, quote: shorten(span.quote, 50) }); }

  /** “Linked with: Source “Watson”, Cue “said”.”; nothing where there is no link. */
  told(span) {
    const links = this.of(span).map((relation) => this.partners(relation, span).map((each) => this.name(each)).join(", ")).filter(Boolean);
    return links.length ? this.#app.t("linked_with", { members: links.join("; ") }) : "";
  }

  // ---- showing

  /**
   * Something may have happened to the labels.
   * @param {Change[]|null} changes null: anything @param {{before: Span|undefined, after: Span|undefined}[]} changed
   */
  take(changes, changed) {
    const left = ({ before, after }) => before && before.layer !== after?.layer;
    if (changes === null || changes.some(({ relation }) => relation) || changed.some(left)) this.#bySpan = null;
  }

  /** Show what belongs to the selected span. */
  show() {
    const span = this.#app.spans.get(this.#app.selected) ?? null;
    this.#mine = span;
    if (this.#pointing && this.#pointing !== span?.id) this.stop();
    if (span) this.#fill(span);
    this.#soon();
  }

  #fill(span) {
    if (!this.#flag) this.#makeFields();
    const locked = Boolean(this.#app.readonly);
    const offered = this.kind(span) !== null;
    this.#flag.checked = Boolean(span.discuss);
    this.#flag.disabled = locked;
    this.#tools.hidden = !offered;
    for (const each of this.#tools.children) each.disabled = locked;
    const links = this.of(span);
    this.#tools.firstElementChild.textContent = this.#app.t(links.length ? "another_link" : "link_with");
    const shown = JSON.stringify([span.id, locked, links.map((relation) => [relation, this.partners(relation, span).map((each) => this.name(each))])]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const held = this.#list.contains(document.activeElement);
    this.#list.replaceChildren(...links.map((relation) => this.#item(relation, span, locked)));
    this.#list.hidden = !links.length;
    if (held) this.#tools.firstElementChild.focus();
  }

  #item(relation, span, locked) {
    const app = this.#app;
    const partners = this.partners(relation, span);
    const names = partners.map((each) => this.name(each)).join(", ");
    const about = (key) => ({ disabled: locked, "aria-label": app.t("about_link", { action: app.t(key), members: names }) });
    return h("li", {}, h("p", {}, app.t("linked_to")),
      ...partners.map((each) => h("button", { type: "button", class: "ss-partner", onclick: () => app.goTo(each) }, swatch(app.label(each)), this.name(each))),
      h("div", { class: "ss-row" }, button(app.t("change_link"), () => this.open(span, relation), about("change_link")),
        button(app.t("unlink"), once(() => this.unlink(relation)), about("unlink"))));
  }

  /** @param {string} ids of the spans under the pointer, or of the row that has the focus @param {"pointer"|"focus"} by */
  peek(ids, by) {
    if (ids === this.#peeked[by]) return;
    this.#peeked[by] = ids;
    this.#soon();
  }

  #soon() {
    cancelAnimationFrame(this.#timer);
    this.#timer = requestAnimationFrame(() => this.#draw());
  }

  /** The spans whose links are shown: pointed at, else selected. */
  #active() {
    const { pointer, focus } = this.#peeked;
    const linked = [pointer, focus, this.#app.selected ?? ""].map((ids) =>
      ids.split(" ").map((id) => this.#app.spans.get(id)).filter((span) => span && this.of(span).length));
    return linked.find((spans) => spans.length) ?? [];
  }

  /** Only what is looked at is drawn, so it costs the same in a long text. */
  #draw() {
    const { reader } = this.#app;
    const parts = this.#active().flatMap((span) => {
      const links = this.of(span);
      const partners = [...new Set(links.flatMap((relation) => this.partners(relation, span)))];
      if (!partners.length) return [];
      const from = linesOf(reader, span);
      return [...from.map((line) => this.#frame(line, true)), ...partners.flatMap((other) => {
        const to = linesOf(reader, other);
        return from.length && to.length ? [...to.map((line) => this.#frame(line)), ...this.#curve(from, to)] : [];
      })];
    });
    if (parts.length && !this.#drawing) {
      this.#drawing = shape("svg", { class: "ss-links", "aria-hidden": "true", width: 1, height: 1 });
      reader.el.append(this.#drawing);
    }
    this.#drawing?.replaceChildren(...parts);
  }

  #frame({ left, top, width, height }, own = false) {
    return shape("rect", { class: own ? "ss-link-own" : "ss-link-partner", x: left - 2, y: top - 1, width: width + 4, height: height + 2, rx: 3 });
  }

  /** Twice: a light edge keeps the line apart from the letters it crosses. */
  #curve(from, to) {
    const { path, ends } = bend(from, to);
    return [shape("path", { class: "ss-link-edge", d: path }), shape("path", { class: "ss-link-line", d: path }),
      ...ends.map(([x, y]) => shape("circle", { class: "ss-link-end", cx: x, cy: y, r: 3 }))];
  }

  // ---- making and taking away

  /** A key of its own. @returns {boolean} whether it is one */
  key(key, span) {
    if (key !== "&" && key !== "!") return false;
    if (!span) this.#app.say(this.#app.t("choose_label_first"));
    else if (key === "&") this.open(span);
    else this.flag(span, !span.discuss);
    return true;
  }

  flag(span, discuss) {
    const app = this.#app;
    app.inspector.flush();
    const now = app.spans.get(span.id);
    if (now && app.commit({ op: "update", span: { ...now, discuss } })) app.say(app.t(discuss ? "flagged" : "unflagged"));
    else this.show();
  }

  /** Choose from a list. @param {Relation|null} [relation] to change, by default the only one; null: a new one */
  open(span, relation) {
    const app = this.#app;
    const links = this.of(span);
    if (app.readonly) app.say(app.readonly.message);
    else if (!this.kind(span)) app.say(app.t("no_links"));
    else this.#dialog().open(span, relation === undefined && links.length === 1 ? links[0] : relation ?? null);
  }

  /** Made when it is wanted for the first time. */
  #dialog() {
    if (!this.#linker) this.overlay.append((this.#linker = new Linker(this.#app, this)).el);
    return this.#linker;
  }

  /**
   * What it was chosen for may have changed elsewhere since.
   * @param {Relation|null} chosen the one to change; null: a new one @param {string[]} ids @returns {boolean} whether it was made
   */
  link({ id }, chosen, ids) {
    const app = this.#app;
    const span = app.spans.get(id);
    if (!span) { app.say(app.t("choose_label_first")); return false; }
    const relation = app.relations.get(chosen?.id) ?? null;
    const members = this.#inOrder([id, ...ids]).filter((each) => app.spans.get(each).layer === span.layer);
    if (members.length < 2) return relation ? this.unlink(relation) : false;
    if (relation && members.join() === relation.members.join()) return true;
    const made = relation ? { ...relation, members } : { id: `r${randomId()}`, type: this.kind(span), members, parent: null };
    if (!app.commit({ op: "link", relation: made })) return false;
    app.say(app.t("linked_with", { members: this.partners(made, span).map((each) => this.name(each)).join(", ") }));
    return true;
  }

  unlink(relation) {
    const app = this.#app;
    if (!app.commit({ op: "unlink", relation })) return false;
    app.say(app.t("unlinked"));
    return true;
  }

  /** In the order of the layer's labels, then of the text: source, cue, content. */
  #inOrder(ids) {
    const { spans, view } = this.#app;
    const labels = view.layers.flatMap((layer) => layer.labels.map((label) => label.id));
    return [...new Set(ids)].map((id) => spans.get(id)).filter(Boolean)
      .sort((a, b) => labels.indexOf(a.label) - labels.indexOf(b.label) || a.start - b.start).map((span) => span.id);
  }

  // ---- pointing

  /** From now on a press on a marked passage links it, or takes it out again. */
  point(span) {
    const app = this.#app;
    app.inspector.flush();
    if (app.tapping.on) app.tapping.switch(false); // a tap means a whole passage now
    this.#pointing = span.id;
    if (!this.#hint) {
      this.#hint = h("p", { class: "ss-pointing" }, h("span"), button(app.t("done"), () => this.stop()));
      this.overlay.append(this.#hint);
    }
    this.#hint.firstChild.textContent = app.t("point_help", { quote: shorten(span.quote, 40) });
    this.#hint.hidden = false;
    app.reader.el.classList.add("ss-pointed");
    app.reader.takeFocus();
    app.say(app.t("point_help", { quote: shorten(span.quote, 40) }));
  }

  /** @returns {boolean} whether passages were being pointed at */
  stop() {
    if (!this.#pointing) return false;
    this.#pointing = null;
    this.#hint.hidden = true;
    this.#app.reader.el.classList.remove("ss-pointed");
    this.#app.reader.takeFocus();
    this.#app.say(this.#app.t("point_off"));
    return true;
  }

  /** A press on a place where these spans are. @returns {boolean} whether it was meant for a link */
  takes(ids) {
    const app = this.#app;
    const span = app.spans.get(this.#pointing);
    if (!span) return false;
    const offered = ids.map((id) => app.spans.get(id)).filter((other) => other && other.layer === span.layer && other.id !== span.id);
    if (!offered.length) app.say(app.t("not_linkable"));
    else if (offered.length === 1) this.#toggle(span, offered[0]);
    else {
      app.menu.open(app.t("pick_span"), offered.map((other) => ({
        label: { ...app.label(other), shortcut: null }, text: app.label(other).name, detail: shorten(other.quote, 60), run: () => this.#toggle(span, other),
      })));
    }
    return true;
  }

  /** Passages that are pointed at belong to one link: the only one that there is, else a new one. */
  #toggle(span, other) {
    const links = this.of(span);
    const shared = links.find((relation) => relation.members.includes(other.id));
    const relation = shared ?? (links.length === 1 ? links[0] : null);
    const others = (relation?.members ?? []).filter((id) => id !== span.id && id !== other.id);
    this.link(span, relation, shared ? others : [...others, other.id]);
  }
}

/** The list of passages to link one with. */
class Linker {
  #app; #links; #title; #which; #field; #list; #more; #told; #span = null; #relation = null; #count = OFFERED;
  /** Where the focus was. */ #back = null;

  constructor(app, links) {
    this.#app = app;
    this.#links = links;
    const { t } = app;
    const id = `${app.client}-linker`;
    this.#title = h("h3", { class: "ss-heading", id });
    this.#which = h("select", { onchange: () => this.#choose(this.#links.of(this.#span)[Number(this.#which.value)] ?? null) });
    this.#field = h("label", { class: "ss-field" }, t("which_link"), this.#which);
    this.#list = h("fieldset", { class: "ss-offered" });
    this.#more = button(t("more_passages"), () => this.#offerMore());
    this.#told = h("p", { class: "ss-empty", role: "status" });
    const form = h("form", { onsubmit: (event) => { event.preventDefault(); this.#save(); } }, this.#title, this.#field, this.#list, this.#more, this.#told,
      h("div", { class: "ss-row" }, h("button", { type: "submit", class: "ss-button ss-button-main" }, t("save_link")),
        button(t("cancel"), () => this.el.close())));
    this.el = h("dialog", { class: "ss-help ss-linker", "aria-labelledby": id, onclose: () => this.#closed() }, form);
  }

  /** @param {Relation|null} relation to change; null: a new one */
  open(span, relation) {
    this.#back = document.activeElement;
    this.#span = span;
    const links = this.#links.of(span);
    this.#title.textContent = this.#app.t("link_title", { member: this.#links.name(span) });
    this.#field.hidden = !links.length;
    this.#which.replaceChildren(...links.map((each, index) => h("option", { value: index },
      this.#links.partners(each, span).map((other) => this.#links.name(other)).join(", "))), h("option", { value: links.length }, this.#app.t("new_link")));
    this.#which.value = String(relation ? links.indexOf(relation) : links.length);
    this.#choose(relation);
    this.el.showModal();
    (this.#list.querySelector("input") ?? this.el.querySelector("[type=submit]")).focus();
  }

  #choose(relation) {
    this.#relation = relation;
    this.#count = OFFERED;
    this.#told.textContent = "";
    this.#fill(relation?.members ?? []);
  }

  #offerMore() {
    const before = this.#count;
    this.#count += OFFERED;
    this.#fill(this.#checked());
    (this.#list.querySelectorAll("input")[before] ?? this.#list.querySelector("input")).focus();
  }

  #checked() { return [...this.#list.querySelectorAll("input:checked")].map((input) => input.value); }

  /** Members come first, so that none is out of sight. */
  #fill(checked) {
    const app = this.#app;
    const all = candidates(app.index, app.reader.sentences, this.#span);
    const members = this.#relation ? this.#links.partners(this.#relation, this.#span) : [];
    const others = all.filter((other) => !members.includes(other));
    const shown = [...members, ...others.slice(0, Math.max(0, this.#count - members.length))];
    this.#list.replaceChildren(h("legend", {}, app.t(shown.length ? "link_help" : "link_nothing")),
      ...shown.map((other) => this.#option(other, checked.includes(other.id))));
    this.#more.hidden = shown.length >= members.length + others.length;
  }

  #option(other, checked) {
    const app = this.#app;
    const input = h("input", { type: "checkbox", value: other.id });
    input.checked = checked;
    const where = app.sentenceName(other);
    return h("label", {}, input, swatch(app.label(other)), h("span", {}, `${app.label(other).name} `,
      h("bdi", { class: "ss-words-of", lang: app.view.article.language }, app.t("quoted", { quote: shorten(other.quote) })), where ? h("span", { class: "ss-where" }, ` ${where}`) : null));
  }

  #save() {
    const ids = this.#checked();
    if (!ids.length && !this.#relation) { this.#told.textContent = this.#app.t("link_none"); return; }
    this.el.close();
    this.#links.link(this.#span, this.#relation, ids);
  }

  #closed() {
    if (this.#back?.isConnected) this.#back.focus(); else this.#app.reader.takeFocus();
    this.#back = null;
  }
}
