/** An element that no plan describes: a SOAP fault, or a block of the header that another specification defines. */
export interface GenericElement {
  readonly local: string;
  readonly namespace: string;
  readonly children: GenericElement[];
  text: string;
}

/** The first child with a local name, whatever its namespace. */
export function child(element: GenericElement | undefined, local: string): GenericElement | undefined {
  return element?.children.find((c) => c.local === local);
}

/** The trimmed text of an element. */
export function textOf(element: GenericElement | undefined): string | undefined {
  return element?.text.trim();
}
