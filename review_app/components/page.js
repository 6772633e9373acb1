/**
 * What of the page is Streamlit's own and speaks English alone: the language it says it has, the
 * link with which the keyboard skips the menu, and the names that screen readers say of the menu,
 * the logo and what opens a list. Entry module.
 *
 * data: {labels: {skip, menu, home, choices}, lang}
 */

import { mounting } from "./mounting.js";

/** Where, which attribute, and the label it gets; the picture in the link needs no other name. */
const NAMES = [
  ['[data-testid="stTopNav"]', "aria-label", "menu"],
  ['[data-testid="stLogoLink"]', "aria-label", "home"],
  ['[data-testid="stSelectbox"] button', "aria-label", "choices"],
];

class PageLanguage {
  constructor(component) {
    this.waiting = 0;
    // Streamlit draws these anew whenever it likes, after we have been told of the page.
    this.drawn = new MutationObserver(() => {
      this.waiting ||= requestAnimationFrame(() => {
        this.waiting = 0;
        this.name();
      });
    });
    this.update(component);
    this.drawn.observe(document.body, { childList: true, subtree: true });
  }

  update({ data }) {
    this.labels = data.labels;
    document.documentElement.lang = data.lang;
    this.name();
  }

  name() {
    const link = document.querySelector('[data-testid="stSkipToContent"]');
    if (link && link.textContent !== this.labels.skip) link.textContent = this.labels.skip;
    for (const [where, attribute, label] of NAMES) {
      for (const each of document.querySelectorAll(where)) {
        each.setAttribute(attribute, this.labels[label]);
      }
    }
    for (const logo of document.querySelectorAll('[data-testid="stHeaderLogo"]')) {
      logo.alt = logo.closest("button") ? "" : "Samspil";
    }
  }

  destroy() {
    this.drawn.disconnect();
    cancelAnimationFrame(this.waiting);
  }
}

export default mounting(PageLanguage);
