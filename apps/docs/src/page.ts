/** A page of the site, before it is a file. */
export interface Page {
  /** Where the page stands: `api/operations/submitjob`; the empty text is the home page. */
  readonly path: string;
  readonly title: string;
  /** One sentence without markup, for search engines, lists and `llms.txt`. */
  readonly description: string;
  /** Markdown without the heading of the page. Links to other pages begin with `/`. */
  readonly body: string;
  readonly section: Section;
  /** What the page belongs to within its section: the area of an operation, the name of a package. */
  readonly group?: string;
  /** Further lines of front matter for Starlight, as YAML. */
  readonly frontMatter?: string;
}

export const sections = ['home', 'guides', 'api', 'packages', 'reference'] as const;
export type Section = (typeof sections)[number];
