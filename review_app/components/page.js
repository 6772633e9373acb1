/**
 * What of the page is Streamlit's own and speaks English alone: the language it says it has, and
 * the link with which the keyboard skips the menu. Entry module.
 *
 * data: {labels: {skip}, lang}
 */

import { mounting } from "./mounting.js";

class PageLanguage {
  constructor(component) {
    this.update(component);
  }

  update({ data }) {
    document.documentElement.lang = data.lang;
    const link = document.querySelector('[data-testid="stSkipToContent"]');
    if (link) link.textContent = data.labels.skip;
  }
}

export default mounting(PageLanguage);
