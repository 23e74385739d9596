import { expect, it } from 'vitest';
import { DeliveryError, parseRequest } from '../src/index.js';

it.each(['op_colorize=,', 'op_colorize=,norm', 'rect=,1,2,3', 'crop=,0,5,5', 'size=,5', 'extend=,1,2,3'])(
  'refuses %s, which lacks a part without a default',
  (text) => {
    expect(() => parseRequest([text])).toThrow(DeliveryError);
  },
);

it.each(['fmt=,rgb', 'fmt=tif,,jpeg', 'fmt=png,'])('reads %s, whose empty parts have defaults', (text) => {
  expect(() => parseRequest([text])).not.toThrow();
});
