/** A video in a sitemap. */
export interface SitemapVideo {
  readonly title: string;
  readonly description: string;
  /** URL of the file. */
  readonly content: string;
  /** URL of an image. */
  readonly thumbnail: string;
  readonly publishedAt: Date;
  /** Seconds. */
  readonly duration?: number | undefined;
}

/** The name of the sitemap file in a company's published directory. */
export const SITEMAP_FILE = 'video-sitemap.xml';

/** The most URLs that the sitemap protocol allows in one document. */
export const MAX_SITEMAP_URLS = 50_000;

/** A sitemap of videos, by sitemap protocol 0.9 and its video extension 1.1. */
export function videoSitemap(videos: readonly SitemapVideo[]): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">',
    ...videos.map(entry),
    '</urlset>',
  ];
  return `${lines.join('\n')}\n`;
}

function entry({ title, description, content, thumbnail, publishedAt, duration }: SitemapVideo): string {
  // The extension allows 1 second to 8 hours.
  const seconds = duration === undefined ? undefined : Math.round(duration);
  const video = [
    element('video:thumbnail_loc', thumbnail),
    element('video:title', title.slice(0, 100)),
    element('video:description', description.slice(0, 2048)),
    element('video:content_loc', content),
    ...(seconds !== undefined && seconds >= 1 && seconds <= 28_800
      ? [element('video:duration', String(seconds))]
      : []),
    element('video:publication_date', publishedAt.toISOString()),
  ];
  return `<url>${element('loc', content)}<video:video>${video.join('')}</video:video></url>`;
}

function element(name: string, text: string): string {
  return `<${name}>${escapeText(text)}</${name}>`;
}

function escapeText(text: string): string {
  return (
    text
      // Characters that XML cannot represent.
      .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&apos;')
  );
}
