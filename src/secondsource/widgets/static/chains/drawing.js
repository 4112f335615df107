// A chain as a picture that is also a list: boxes with arrows for the eyes, the same elements in their order for the ears.

import { h, literal, shape, shorten } from "../shared/dom.js";

/** An arrow to the next hand; dashed where somebody stands in between whom the text does not name. */
export function arrow(dashed) {
  return shape("svg", { class: dashed ? "ss-arrow ss-arrow-gap" : "ss-arrow", viewBox: "0 0 34 14", "aria-hidden": "true" },
    shape("path", { d: "M1 7H29", fill: "none" }), shape("path", { d: "M24 2l6 5-6 5", fill: "none" }));
}

const SEEN = { shown: "seen", not_shown: "unseen" };

/** An eye: open, closed, or dashed while nobody has said which. */
export function eye(shown) {
  const [closed, lashes, open] = ["M1.5 5Q10 14 18.5 5", "M4 8.5L2.5 11M10 10.5V13M16 8.5L17.5 11", "M1.5 7Q10-3 18.5 7Q10 17 1.5 7Z"];
  const lines = shown === "not_shown" ? [closed, lashes] : [open];
  const pupil = shown === "shown" ? [shape("circle", { cx: 10, cy: 7, r: 2.5 })] : [];
  return shape("svg", { class: Object.hasOwn(SEEN, shown ?? "") ? "ss-eye" : "ss-eye ss-eye-unsaid", viewBox: "0 0 20 14", "aria-hidden": "true" },
    ...lines.map((d) => shape("path", { d, fill: "none" })), ...pupil);
}

/** What a box says of a hand besides its words. @param {string|undefined} shown */
export const sight = (t, shown) => h("span", { class: "ss-sight" }, eye(shown), t(Object.hasOwn(SEEN, shown ?? "") ? SEEN[shown] : "sight_open"));

const box = (kind, ...children) => h("li", { class: `ss-link-in ss-link-${kind}` }, ...children);

/**
 * A chain from its origin to the reader.
 * @param {any} app @param {Span[]} hands @param {(span: Span) => string} also what else is to be known of a hand
 */
export function chainDrawing(app, hands, name, also) {
  const { t } = app;
  const { language } = app.view.article;
  const hand = (span) => box("hand", h("div", { class: "ss-box" },
    h("bdi", { class: "ss-box-words", lang: language }, ...literal(shorten(span.quote, 90))),
    h("span", { class: "ss-box-more" }, [app.sentenceName(span), also(span)].filter(Boolean).join(" · ")), sight(t, span.attributes.shown)));
  const parts = hands.flatMap((span) => {
    const gap = span.attributes.onward === "gap";
    const next = gap ? [box("gap", arrow(true), h("div", { class: "ss-box ss-box-gap" }, h("b", { "aria-hidden": "true" }, "?"), h("span", {}, t("somebody"))), arrow(true))]
      : [h("li", { class: "ss-link-in ss-link-arrow", "aria-hidden": "true" }, arrow(false))];
    return [hand(span), ...next];
  });
  return h("ol", { class: "ss-strip", role: "list", "aria-label": name }, ...parts,
    box("page", h("div", { class: "ss-box ss-box-page" }, t("this_article"))),
    h("li", { class: "ss-link-in ss-link-arrow", "aria-hidden": "true" }, arrow(false)),
    box("you", h("div", { class: "ss-box ss-box-you" }, t("you"))));
}

/** “At least 3 hand-overs that you cannot check.” While questions are open, nobody can count them. */
export const overs = (t, { count, gaps, open }) => (open ? t("overs_open", { count: open }) : t(gaps ? "overs_least" : "overs", { count }));
