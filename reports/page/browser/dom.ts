type Child = Node | string | null;
type Properties = Readonly<Record<string, string | boolean | undefined>>;

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children. Text is never read as HTML. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  setAttributes(element, properties);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** The same for a drawing. */
export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  properties: Properties = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  setAttributes(element, properties);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** An attribute that is `true` gets no value; one that is `false` or undefined is left out. */
function setAttributes(element: Element, properties: Properties): void {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
}

/** The element with an id, which the page always has. */
export function byId(id: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
  if (element === null) throw new Error(`The page has no element ${id}.`);
  return element;
}
