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

/** Tables and lists of sections of a wide page that end beyond their box. */
export const SCROLLED = `[...document.querySelectorAll(".scroll, .top ul")]
  .filter((box) => box.offsetParent !== null && box.scrollWidth > box.clientWidth)
  .map((box) => box.textContent.trim().slice(0, 80) + " is wider than its box")`;

/** Tables, columns of numbers and figures that no text explains, or that lead to no heading of the method page. */
export const UNEXPLAINED = `(() => {
  const METHOD = 'a[href^="method.md#"]';
  const isShown = (element) => element.closest("[hidden]") === null;
  const shown = (selector) => [...document.querySelectorAll(selector)].filter(isShown);
  const tables = shown("table").flatMap((table) => {
    const place = table.closest("figure") ?? table.closest("section");
    const titles = [...place.querySelectorAll("details dt")]
      .filter((title) => (title.nextElementSibling?.textContent ?? "").trim() !== "")
      .map((title) => title.textContent);
    const bare = [...table.querySelectorAll("th.number")]
      .map((head) => head.textContent)
      .filter((title) => !titles.includes(title));
    const name = table.caption?.textContent ?? "a table";
    const links = place.querySelector(METHOD) === null ? [name + ": no link"] : [];
    return [...links, ...bare.map((title) => name + ": nothing explains " + title)];
  });
  const figures = shown("dl.figures > div")
    .filter((figure) => /^[^a-z]*$/.test(figure.querySelector(".meaning")?.textContent ?? "")
      || figure.querySelector(METHOD) === null)
    .map((figure) => figure.textContent);
  const pictures = shown("figure").filter((figure) => figure.closest("section").querySelector(METHOD) === null);
  const sections = shown("section")
    .filter((section) => section.querySelector("table, dl, figure") !== null)
    .filter((section) => section.querySelector(METHOD) === null);
  const facts = shown("#window-page > dl.facts dt")
    .filter((title) => /^[\\d$]/.test(title.nextElementSibling.textContent))
    .map((title) => title.textContent)
    .filter((title) => !["Opened", "Ended", "Commits"].includes(title))
    .filter((title) => ![...document.querySelectorAll("#window-page > details dt")]
      .some((explained) => explained.textContent === title));
  return [
    ...tables, ...figures, ...facts,
    ...[...pictures, ...sections].map((place) => (place.textContent ?? "").slice(0, 80) + ": no link"),
  ];
})()`;
