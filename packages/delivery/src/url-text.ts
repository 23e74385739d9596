import { type Color, formatColor } from './color.js';
import { DeliveryError } from './delivery-error.js';
import { tokensOf } from './request-text.js';

/**
 * The text of a value of a command, before encoding.
 *
 * @throws DeliveryError for anything but text, finite numbers, booleans, colors and lists of them.
 */
export function valueText(command: string, value: unknown): string {
  if (Array.isArray(value)) {
    // Holes count as parts without a value.
    const parts = Array.from(value, (part) => (part === undefined ? '' : partText(command, part)));
    return parts.join(',').replace(/,+$/, '');
  }
  return plainText(command, value);
}

function partText(command: string, part: unknown): string {
  const text = plainText(command, part);
  if (text.includes(',')) throw new DeliveryError(command, text, 'parts without commas, which separate them');
  return text;
}

function plainText(command: string, value: unknown): string {
  if (typeof value === 'string') return wellFormed(command, value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new DeliveryError(command, String(value), 'a finite number');
    return String(value);
  }
  if (isColor(value)) return formatColor(value);
  throw new DeliveryError(
    command,
    described(value),
    'a text, a number, a boolean, a color, or a list of them',
  );
}

/** Encoding fails for text with half of a pair of surrogates. */
function wellFormed(command: string, text: string): string {
  if (!text.isWellFormed())
    throw new DeliveryError(command, text.toWellFormed(), 'text in well-formed Unicode');
  return text;
}

const COMPONENTS: Readonly<Record<string, number>> = { gray: 1, rgb: 3, cmyk: 4 };

function isColor(value: unknown): value is Color {
  if (typeof value !== 'object' || value === null) return false;
  const { space, components, alpha }: Partial<Record<keyof Color, unknown>> = value;
  const isPart = (part: unknown): boolean => typeof part === 'number' && part >= 0 && part <= 1;
  return (
    typeof space === 'string' &&
    Object.hasOwn(COMPONENTS, space) &&
    Array.isArray(components) &&
    components.length === COMPONENTS[space] &&
    components.every(isPart) &&
    isPart(alpha)
  );
}

/** A value that no request can contain, for errors. */
function described(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  return Array.isArray(value) ? 'a list within a list' : 'an object';
}

/**
 * Text that is part of an address, such as the name of an image.
 *
 * @throws DeliveryError for anything but a text with at least one character.
 */
export function givenText(what: string, value: unknown, expected: string): string {
  if (typeof value !== 'string') throw new DeliveryError(what, described(value), expected);
  if (value.trim() === '') throw new DeliveryError(what, value, expected);
  return wellFormed(what, value);
}

/** The name of an object as steps of a path. Browsers remove steps that are empty or consist of dots. */
export function pathOf(what: string, value: unknown, expected: string): string {
  const steps = givenText(what, value, expected).split('/');
  if (steps.some((step) => step === '' || step === '.' || step === '..'))
    throw new DeliveryError(what, steps.join('/'), `${expected}, without steps that are empty, . or ..`);
  return steps.map(encodeURIComponent).join('/');
}

/**
 * Whether a value is a nested request, which is encoded by those who write it, once at each depth.
 *
 * @throws DeliveryError for one that would end before its last bracket, or end the query.
 */
export function isNested(command: string, text: string): boolean {
  if (!(command === 'src' || command === 'mask') || !/^(?:is|ir|fxg)?[({].*[)}]$/s.test(text)) return false;
  const [token, ...others] = tokensOf(`${command}=${text}`);
  if (token?.value !== text || others.length > 0)
    throw new DeliveryError(command, text, 'a nested request whose brackets are in pairs');
  if (/[#\s]/.test(text))
    throw new DeliveryError(command, text, 'a nested request in which # and blanks are encoded');
  return true;
}

/** Encodes a value, but for characters that are allowed in a query and make it readable. */
export const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/%(2C|2F|3A|24)/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
