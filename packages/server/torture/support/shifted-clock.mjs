// Loaded before a server: its clock differs from the machine's by what the file IPS_TORTURE_CLOCK says, in milliseconds. As on a
// machine whose clock is set, timers go on as before.
import { readFileSync } from 'node:fs';

const file = process.env.IPS_TORTURE_CLOCK;
const RealDate = Date;
const now = RealDate.now.bind(RealDate);
let shift = 0;
let read = Number.NEGATIVE_INFINITY;

function shifted() {
  // The file is read often enough that a jump is one, and seldom enough to cost nothing.
  if (performance.now() - read > 20) {
    read = performance.now();
    shift = Number(readFileSync(file, 'utf8')) || 0;
  }
  return now() + shift;
}

globalThis.Date = class ShiftedDate extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(shifted());
    else super(...values);
  }

  static now() {
    return shifted();
  }
};
