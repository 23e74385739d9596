// Writes docs/image-serving.md and its pictures from the table of commands: what each takes, whether the server carries it out, and what
// its example shows. With --check, compares instead of writing: the text as it is, the pictures by their pixels.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, commands, expectedOf, referenceUrl, steps } from '@ips-sdk/delivery';
import sharp from 'sharp';
import { planImage } from '../dist/images/render.js';
import { parseRenderRequest } from '../dist/images/render-request.js';

const TARGET = new URL('../../../docs/image-serving.md', import.meta.url);
const PICTURES = new URL('../../../docs/image-serving/', import.meta.url);

/** Images of the examples, by the names that requests use. */
const SOURCES: Readonly<Record<string, string>> = {
  Shoes: `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#fdf3d8"/><stop offset="1" stop-color="#a9c8e8"/></linearGradient></defs><rect width="400" height="200" fill="url(#g)"/><path d="M60 60 h70 q10 40 70 50 q90 10 110 45 v10 h-255 q-10 -50 5 -105z" fill="#c0392b"/><path d="M50 165 h265 v14 h-265z" fill="#2c3e50"/><path d="M135 80 l40 -14 M150 98 l40 -14 M172 110 l36 -14" stroke="#ffffff" stroke-width="6"/><circle cx="350" cy="45" r="24" fill="#f1c40f"/></svg>`,
  Sale: `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><path d="M100 5l24 30 37-11 4 38 36 14-18 34 18 34-36 14-4 38-37-11-24 30-24-30-37 11-4-38-36-14 18-34-18-34 36-14 4-38 37 11z" fill="#8e44ad" transform="translate(0 -8)"/><circle cx="100" cy="100" r="52" fill="#ffffff"/><path d="M75 125 L125 75 M82 82 h.1 M118 118 h.1" stroke="#8e44ad" stroke-width="14" stroke-linecap="round"/></svg>`,
  Circle: `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200"/><circle cx="200" cy="100" r="90" fill="#ffffff"/></svg>`,
};

/** The outline of the shoe, in pixels of its image, as Photoshop would save it. */
const OUTLINE: readonly (readonly [x: number, y: number])[] = [
  [60, 60],
  [130, 60],
  [152, 90],
  [200, 110],
  [310, 155],
  [316, 179],
  [50, 179],
  [50, 110],
];
const SHOE = {
  name: 'Shoe',
  subpaths: [
    {
      closed: true,
      knots: OUTLINE.map(([x, y]) => {
        const point = { x: x / 400, y: y / 200 };
        return { before: point, anchor: point, after: point };
      }),
    },
  ],
};

/** The largest mean difference of pixels between a picture and the one that was committed, 0 to 255. */
const SAME = 6;

const SCOPES = {
  view: 'The view',
  request: 'The answer',
  layer: 'Layers',
  source: 'Sources of layers',
} as const;

const SUPPORT = { full: 'yes', part: 'in part', none: 'no' } as const;

const all = Object.entries(commands);
const folder = mkdtempSync(join(tmpdir(), 'ips-image-serving-'));
try {
  for (const [name, svg] of Object.entries(SOURCES))
    writeFileSync(join(folder, `${name}.png`), await drawn(name, svg));
  const pictures = new Map<string, Buffer>();
  for (const [name, command] of all) {
    const picture = await pictureOf(command);
    if (picture !== undefined) pictures.set(`${name}.webp`, picture);
  }
  const text = `${[...introduction(), ...tables([...pictures.keys()])].join('\n')}\n`;
  if (process.argv.includes('--check')) await check(text, pictures);
  else {
    writeFileSync(TARGET, text);
    rmSync(PICTURES, { recursive: true, force: true });
    mkdirSync(PICTURES, { recursive: true });
    for (const [file, data] of pictures) writeFileSync(new URL(file, PICTURES), data);
    console.log(`docs/image-serving.md: ${all.length} commands, ${pictures.size} pictures`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function check(text: string, pictures: ReadonlyMap<string, Buffer>): Promise<void> {
  const stale: string[] = [];
  if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== text) stale.push('docs/image-serving.md');
  const there = existsSync(PICTURES) ? readdirSync(PICTURES) : [];
  stale.push(...there.filter((file) => !pictures.has(file)));
  for (const [file, data] of pictures)
    if (!there.includes(file) || !(await isSame(data, readFileSync(new URL(file, PICTURES)), file)))
      stale.push(file);
  if (stale.length === 0) console.log('docs/image-serving.md is up to date');
  else {
    console.error(
      `stale: ${stale.join(', ')}; run npm run generate in packages/server and commit the result`,
    );
    process.exitCode = 1;
  }
}

async function isSame(one: Buffer, other: Buffer, file: string): Promise<boolean> {
  const raw = (data: Buffer) => sharp(data).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const [a, b] = [await raw(one), await raw(other)];
  // The fonts of a machine decide how a text looks, and how large it is.
  if (file.startsWith('text')) return true;
  if (a.info.width !== b.info.width || a.info.height !== b.info.height) return false;
  let sum = 0;
  for (let at = 0; at < a.data.length; at += 1) sum += Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0));
  return sum / a.data.length <= SAME;
}

/** Only what is not a rectangle has alpha: a mask without it counts by its brightness. */
function drawn(name: string, svg: string): Promise<Buffer> {
  const image = sharp(Buffer.from(svg));
  return (name === 'Sale' ? image : image.removeAlpha()).png().toBuffer();
}

/** What the example of a command shows; `undefined` where it is not an image. */
async function pictureOf({ example }: Command): Promise<Buffer | undefined> {
  if (example === undefined || /(^|&)(req|defaultImage|template)=/.test(example)) return undefined;
  const source = (name: string) => ({
    path: join(folder, `${name}.png`),
    maxPixels: 1e7,
    paths: async () => (name === 'Shoes' ? [SHOE] : []),
  });
  const plan = await planImage(
    {
      main: source('Shoes'),
      find: async (name) => ({ source: source(name), modifier: null }),
      maxPixels: 1e7,
    },
    parseRenderRequest([example], undefined, { object: 'MyCompany/Shoes' }),
  );
  try {
    const { data } = await plan.render();
    return await sharp(data)
      .toColourspace('srgb')
      .resize({ width: 400, height: 200, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 85 })
      .toBuffer();
  } finally {
    await plan.close();
  }
}

function introduction(): string[] {
  const count = (support: Command['support']): number =>
    all.filter(([, each]) => each.support === support).length;
  return [
    '<!-- Generated by packages/server/scripts/image-serving.ts. Do not edit: run npm run generate. -->',
    '',
    '# Image serving',
    '',
    `The local server delivers published images at \`/is/image/{company}/{image}\` and follows the commands behind the question mark. Of ${all.length} commands, it carries ${count('full')} out as documented, ${count('part')} in part, and ${count('none')} not at all.`,
    '',
    'The table of [@ips-sdk/delivery](../packages/delivery) is the source of this page, of the server, and of the URL builder.',
    '**Nothing here has been compared with the live service.** Where its documentation is silent or contradicts itself, the notes say what was decided.',
    '',
    '## What has no effect',
    '',
    'A command that is known and not carried out does not fail a request. The header `X-IPS-Ignored` of the answer lists such commands, unknown presets included; `req=debug` lists how a request was understood. Names that are not those of commands are ignored, as applications have parameters of their own.',
    '',
    '## Errors',
    '',
    "A request that cannot be met gets status 403 with the reason as text, which no cache may keep: `wid: found '-5', expected a number of pixels of at least 0`. Too many requests at once get status 503. A watermark that is not published is an error, not an image without it.",
    '',
    '## Limits',
    '',
    'An image has at most 10,000 pixels a side and 50 million in all, or MaxPix of the company. A request has at most 65,536 characters, 1,000 commands, 50 layers and effects, 30 images, 5 requests within each other and 8 macros within each other. The pixels that all its layers and steps go over are counted before anything is drawn; more than 250 million are refused.',
    '',
    '## Presets, macros and variables',
    '',
    '`?$Large$` puts in the commands of a preset where it is: commands behind it override them. Presets are the image formats that `saveImageFormat` stores for the company; the option `imagePresets` of the server has more for all companies. A preset can call those that were created before it. `$shadow$` and `$glow$` are built in, for effects. `$name=value` defines a variable, and `$name$` in a later value is replaced by it. `$object$` is the object of the path.',
    '',
    'A template is a published asset whose modifier is the body of a request. `/is/image/MyCompany/Card?$text=Sale` draws it, and so does `/is/image/MyCompany/shoe?template=Card`, where `$object$` is the shoe. Variables that the template defines are defaults: those of the request replace them.',
    '',
    '## Settings of a company',
    '',
    '`setImageServingPublishSettings` saves settings by name. Image serving reads DefaultPix, MaxPix, JpegQuality, BkgColor, ResMode, DefaultImage, DefaultThumbPix, ThumbType, ThumbHorizAlign, ThumbVertAlign, ThumbBkgColor, LocaleMap, DefaultLocale, Watermark, ApplyEffectMask, and the hours Expiration (10 if unset), DefaultExpiration (1) and NonImgExpiration (0.1).',
    '',
    '## Steps of processing',
    '',
    ...steps.map((step, index) => `${index + 1}. ${step}.`),
    '',
  ];
}

function tables(pictures: readonly string[]): string[] {
  return (Object.keys(SCOPES) as (keyof typeof SCOPES)[]).flatMap((scope) => [
    `## ${SCOPES[scope]}`,
    '',
    '| Command | Values | Supported | Step | Example |',
    '| --- | --- | --- | --- | --- |',
    ...all
      .filter(([, command]) => command.scope === scope)
      .map(([name, command]) => {
        const { summary, value, note, support, step, source, example } = command;
        const fallback = command.default === undefined ? '' : `; default ${inCell(command.default)}`;
        const file = `${name}.webp`;
        const picture = pictures.includes(file) ? `<br>![what ${name} does](image-serving/${file})` : '';
        const about = `${inCell(summary)}.${note === undefined ? '' : ` ${inCell(note)}`}`;
        return `| [\`${name}\`](${referenceUrl}${source}) | ${about} Takes ${inCell(expectedOf(value))}${fallback}. | ${SUPPORT[support]} | ${step} | ${example === undefined ? '' : `\`${inCell(example)}\`${picture}`} |`;
      }),
    '',
  ]);
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
