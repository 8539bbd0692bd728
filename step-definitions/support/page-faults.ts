/* What a page computes of itself: each is a list of faults. */

/** Their smallest text has 11 pixels, and 9 can still be read. */
export const SMALL_PICTURES = `[...document.querySelectorAll("figure img")]
  .filter((image) => image.offsetParent !== null && image.width < 0.85 * image.naturalWidth)
  .map((image) => image.closest("figure").id + " is too small: " + image.width)`;

/** Explanations of tables and reasons of failures that end beyond the page's edge, or beyond a box that scrolls. */
export const CUT_SENTENCES = `[...document.querySelectorAll("caption, .failure pre")]
  .filter((place) => place.offsetParent !== null)
  .filter((place) => {
    const text = document.createRange();
    text.selectNodeContents(place);
    return text.getBoundingClientRect().right > window.innerWidth;
  })
  .map((place) => place.textContent + " is cut")`;
