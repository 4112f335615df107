// Small form controls that several parts of the labeller show.

import { h } from "../shared/dom.js";

export const labelOption = (layer, label) => h("option", { value: keyOf(layer, label) }, label.name);
export const sureSelect = (app, onchange = null) => h("select", { onchange },
  ...[{ value: "", name: app.t("no_confidence") }, ...app.view.confidence].map(({ value, name }) => h("option", { value }, name)));
export const keyOf = (layer, label) => `${layer.id}/${label.id}`;
