import { integer, timestamp } from 'drizzle-orm/pg-core';

/** A number that the database assigns; handles contain it. */
export const id = () => integer('id').primaryKey().generatedByDefaultAsIdentity();

/** A time to the millisecond. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
