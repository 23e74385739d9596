import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConsoleOptions } from './console-options.js';
import type { Feed, Feeds } from './live/feeds.js';
import type { Query } from './query-string.js';
import type { Session } from './session.js';
import type { SessionStore } from './session-store.js';
import type { Uploads } from './uploads/uploads.js';

/** The parts that the routes share. */
export interface ConsoleParts {
  readonly options: ConsoleOptions;
  readonly sessions: SessionStore;
  readonly feeds: Feeds;
  readonly uploads: Uploads;
}

/** A request of somebody who is logged in. */
export interface SessionRequest {
  readonly session: Session;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly query: Query;
  /** The feed of the session's company, as fresh as a viewer may expect. */
  feed(): Promise<Feed>;
}

/** What a route answers: a value becomes JSON; `undefined` if the route has sent its own answer. */
export type Answer = object | undefined;

/** Adds routes of the API for those who are logged in. */
export interface ConsoleRoutes {
  /** Reads only. */
  get(path: string, handle: (given: SessionRequest) => Promise<Answer>): void;
  /** Changes something: refused in a read-only console, and without the token of the session. */
  post<Body>(path: string, handle: (given: SessionRequest, body: Body) => Promise<Answer>): void;
  /** Takes a body but changes nothing, so that a read-only console has it, too. */
  ask<Body>(path: string, handle: (given: SessionRequest, body: Body) => Promise<Answer>): void;
}
