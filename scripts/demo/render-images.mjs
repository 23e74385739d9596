// The pictures of the demo. They are rendered, so that nothing is downloaded.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const SIZE = { width: 1600, height: 1200 };

/** Shoes in several colors and file formats. */
const SHOES = [
  { name: 'runner-red.jpg', color: '#d7263d', ground: ['#fdf0f1', '#f3c4cb'] },
  { name: 'runner-blue.png', color: '#1b6ca8', ground: ['#eef6fb', '#b9d9ee'] },
  { name: 'runner-green.tif', color: '#2e933c', ground: ['#f0f8f1', '#bfe3c4'] },
  { name: 'runner-black.webp', color: '#2b2d33', ground: ['#f4f4f6', '#c9cad1'] },
  { name: 'runner-sand.jpg', color: '#c9a66b', ground: ['#fbf7ef', '#eadbc0'] },
  { name: 'runner-violet.png', color: '#7b4397', ground: ['#f7f1fa', '#dcc5e8'] },
];

/**
 * Renders the pictures into a folder.
 *
 * @returns Their file names.
 */
export async function renderImages(folder) {
  mkdirSync(folder, { recursive: true });
  for (const shoe of SHOES)
    await sharp(Buffer.from(drawing(shoe)))
      .withMetadata({ density: 300 })
      .toFile(join(folder, shoe.name));
  return SHOES.map(({ name }) => name);
}

function drawing({ color, ground: [light, dark] }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 1200" width="${SIZE.width}" height="${SIZE.height}">
  <defs>
    <radialGradient id="ground" cx="50%" cy="42%" r="75%"><stop offset="0" stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></radialGradient>
    <linearGradient id="light" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".45"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".3"/></linearGradient>
  </defs>
  <rect width="1600" height="1200" fill="url(#ground)"/>
  <ellipse cx="810" cy="905" rx="600" ry="46" fill="#000" opacity=".16"/>
  <path id="body" d="M250 800 C255 700 270 600 330 520 C400 560 470 560 520 500 C560 455 585 430 640 440 C740 560 900 640 1120 690 C1270 725 1350 760 1355 830 L1350 850 L255 850 Z" fill="${color}"/>
  <path d="M250 800 C255 700 270 600 330 520 C400 560 470 560 520 500 C560 455 585 430 640 440 C740 560 900 640 1120 690 C1270 725 1350 760 1355 830 L1350 850 L255 850 Z" fill="url(#light)"/>
  <path d="M240 845 L1365 845 C1385 870 1380 905 1340 915 L275 915 C235 905 228 870 240 845 Z" fill="#fff"/>
  <path d="M240 880 L1378 880 C1376 900 1364 910 1340 915 L275 915 C252 910 242 897 240 880 Z" fill="#000" opacity=".12"/>
  <path d="M430 835 C560 800 690 740 770 610 L850 652 C780 770 640 822 520 840 Z" fill="#fff" opacity=".9"/>
  ${[0, 1, 2, 3, 4].map((step) => `<path d="M${640 + step * 62} ${505 + step * 33} l70 -38" stroke="#fff" stroke-width="16" stroke-linecap="round"/>`).join('')}
</svg>`;
}
