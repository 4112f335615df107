// All chains as pictures, and the same seen from the page: through whose hands everything came.

import { arrow, chainDrawing, overs, sight } from "./drawing.js";
import { BEGUN, branches, elsewhere, handOvers } from "./model.js";
import { button, h, literal, shorten } from "../shared/dom.js";

export class Gallery {
  #app; #progress; #empty; #list; #tree; #shown = "";

  constructor(app) {
    const { t } = app;
    this.#app = app;
    this.#progress = h("p", { class: "ss-progress" });
    this.#empty = h("p", { class: "ss-empty" }, t("no_chains"));
    this.#list = h("ul", { class: "ss-chain-list", role: "list", "aria-label": t("gallery") });
    this.#tree = h("div", { class: "ss-tree" });
    this.el = h("section", { class: "ss-gallery" },
      h("div", { class: "ss-table-head" }, h("h3", { class: "ss-heading" }, t("gallery")), this.#progress), this.#empty, this.#list, this.#tree);
  }

  update() {
    const { chains, current, readonly } = this.#app;
    const shown = JSON.stringify([chains, current?.key, Boolean(readonly)]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#empty.hidden = chains.length > 0;
    this.#progress.textContent = chains.length ? this.#told(chains) : "";
    const held = document.activeElement?.closest?.("[data-chain]")?.dataset.chain;
    this.#list.replaceChildren(...chains.map((chain) => this.#item(chain)));
    if (held && this.el.contains(this.#button(held))) this.#button(held).focus();
    const saved = chains.filter(({ key }) => key !== BEGUN);
    this.#tree.hidden = saved.length < 2;
    this.#tree.replaceChildren(...(this.#tree.hidden ? [] : this.#seen(saved)));
  }

  #button(key) { return [...this.#list.querySelectorAll("[data-chain]")].find((each) => each.dataset.chain === key)?.querySelector("button"); }

  #told(chains) {
    const { t, hands } = this.#app;
    const { open } = handOvers(hands);
    return [t("count_chains", { count: chains.length }), t("count_hands", { count: hands.length }), open && t("count_questions", { count: open })]
      .filter(Boolean).join(", ");
  }

  #item(chain) {
    const app = this.#app;
    const { t } = app;
    const name = app.chainName(chain);
    const on = chain.key === app.current?.key;
    const also = (span) => (elsewhere(app.chains, chain, span.id) ? t("also_elsewhere") : "");
    const told = chain.relation ? overs(t, handOvers(chain.hands)) : t("one_alone");
    const work = button(t("work_on"), () => app.choose(chain.key, true), { "aria-label": t("about_chain", { action: t("work_on"), chain: name }), "aria-pressed": String(on) });
    return h("li", { class: on ? "ss-chain-item ss-on" : "ss-chain-item", "data-chain": chain.key },
      h("div", { class: "ss-chain-head" }, h("h4", {}, name), h("p", { class: "ss-overs" }, told), work),
      chainDrawing(app, chain.hands, t("drawing_of", { chain: name }), also));
  }

  /** Nested lists, from the page backwards. */
  #seen(chains) {
    const { t, view } = this.#app;
    const branch = ({ span, chains: count, before }) => h("li", {},
      h("div", { class: "ss-branch" }, arrow(span.attributes.onward === "gap"), h("div", { class: "ss-branch-words" },
        h("bdi", { class: "ss-box-words", lang: view.article.language }, ...literal(shorten(span.quote, 70))),
        h("span", { class: "ss-box-more" }, [this.#app.sentenceName(span), count > 1 && t("in_chains", { count }),
          span.attributes.onward === "gap" && t("by_somebody")].filter(Boolean).join(" · ")), sight(t, span.attributes.shown))),
      before.length ? h("ul", { role: "list" }, ...before.map(branch)) : null);
    return [h("h4", {}, t("seen_from_page")), h("p", { class: "ss-empty" }, t("seen_help")),
      h("div", { class: "ss-branches" }, h("span", { class: "ss-box ss-box-page" }, t("this_article")),
        h("ul", { role: "list", "aria-label": t("seen_from_page") }, ...branches(chains.map(({ hands }) => hands)).map(branch)))];
  }
}
