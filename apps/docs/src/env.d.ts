/// <reference types="astro/client" />

declare module 'virtual:navigation' {
  /** What `write-pages.ts` wrote. */
  const navigation: readonly import('./site/navigation.ts').NavigationGroup[];
  export default navigation;
}
