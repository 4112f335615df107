import { button, h, swatch } from "../shared/dom.js";
import { heldEnter } from "../shared/keys.js";

/** A short list at the caret: labels to choose from, or the spans that overlap there. */
export class Menu {
  #app; #list; #title;

  constructor(app) {
    this.#app = app;
    const id = `${app.client}-menu`;
    this.#title = h("p", { class: "ss-menu-title", id });
    this.#list = h("div", { role: "menu", "aria-labelledby": id });
    this.el = h("div", {
      class: "ss-menu", hidden: true, onkeydown: (event) => this.#key(event),
      onmousedown: (event) => event.preventDefault(), // a press on its title must not take the focus away
      onfocusout: (event) => { if (!this.el.contains(event.relatedTarget)) this.el.hidden = true; },
    }, this.#title, this.#list);
  }

  /** @param {{label: any, text: string, detail?: string, run: () => void}[]} items */
  open(title, items) {
    this.#title.textContent = title;
    this.#list.replaceChildren(...items.map(({ label, text, detail, run }) => h("button", {
      type: "button", role: "menuitem", tabindex: -1, "data-key": label.shortcut, onclick: () => { this.close(); run(); },
      onfocus: () => this.#app.definition.show(label), onmouseenter: () => this.#app.definition.show(label),
    }, swatch(label), h("span", { class: "ss-name" }, text), detail ? h("span", { class: "ss-detail" }, detail) : null)));
    this.el.hidden = false;
    this.#position();
    this.#list.firstElementChild?.focus({ preventScroll: true });
    this.el.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.el.hidden = true;
    this.#app.definition.show(null);
    this.#app.reader.takeFocus();
  }

  #position() {
    const frame = this.el.offsetParent.getBoundingClientRect();
    const caret = this.#app.reader.caretRect();
    const left = Math.max(8, Math.min(caret.left - frame.left, frame.width - this.el.offsetWidth - 8));
    const below = caret.bottom - frame.top + 8;
    const above = caret.top - frame.top - this.el.offsetHeight - 8;
    this.el.style.left = `${left}px`;
    this.el.style.top = `${below + this.el.offsetHeight > frame.height && above > 0 ? above : Math.max(8, below)}px`;
  }

  #key(event) {
    const items = [...this.#list.children];
    const at = items.findIndex((item) => item.matches(":focus"));
    const steps = { ArrowDown: (at + 1) % items.length, ArrowUp: at - 1, Home: 0, End: -1 };
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const direct = plain && items.find((item) => item.dataset.key?.toLowerCase() === event.key.toLowerCase());
    if (heldEnter(event)) return; // still the press that opened it
    if (event.key in steps) items.at(steps[event.key]).focus();
    else if (event.key === "Escape" || event.key === "Tab") this.close();
    else if (direct) direct.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** The list of keys, with the switch for single-key shortcuts. */
export class Help {
  #app;

  constructor(app) {
    this.#app = app;
    this.el = h("dialog", { class: "ss-help", "aria-labelledby": `${app.client}-keys`, onclose: () => app.reader.takeFocus() });
  }

  /** Made when it is wanted for the first time. */
  #fill() {
    const app = this.#app;
    const single = h("input", { type: "checkbox", onchange: () => app.switchSingleKeys(single.checked) });
    single.checked = app.singleKeys;
    this.el.append(
      h("h3", { class: "ss-heading", id: `${app.client}-keys` }, app.t("keys_title")), h("p", { class: "ss-empty" }, app.t("keys_intro")),
      h("dl", { class: "ss-keys" },
        ...app.t("keys").map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)))),
      h("div", { class: "ss-row" }, h("label", { class: "ss-switch" }, single, app.t("single_keys")),
        button(app.t("close"), () => this.el.close(), { class: "ss-button ss-button-main", autofocus: true })));
  }

  /** From its beginning, although the focus is on the button at its end. */
  open() {
    if (!this.el.firstChild) this.#fill();
    this.el.showModal();
    this.el.scrollTop = 0;
  }
}
