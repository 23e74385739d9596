// The Dockerfile, and what is kept out of its context.
import { validate } from 'dockerfile-utils';
import { check, problems, textOf } from './findings.mjs';

export function checkDockerfile() {
  const text = textOf('Dockerfile');
  for (const { range, message } of validate(text))
    problems.push(`Dockerfile:${range.start.line + 1} ${message}`);
  const instructions = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages = instructions.filter((line) => line.startsWith('FROM '));
  const last = instructions.slice(instructions.lastIndexOf(stages.at(-1)));
  const image = /^ARG NODE_IMAGE=(\S+)$/m.exec(text)?.[1];
  const { version } = JSON.parse(textOf('package-lock.json')).packages['node_modules/node'];
  check(
    image === `node:${version}-trixie-slim`,
    `Dockerfile: found ${image}, expected node:${version}-trixie-slim, the version in package-lock.json`,
  );
  for (const line of stages)
    check(line.includes('{NODE_IMAGE}'), `Dockerfile: "${line}" is not the pinned image`);
  check(stages.length === 2, 'Dockerfile: expected two stages');
  const named = (name) => last.filter((line) => line.startsWith(`${name} `));
  check(
    named('RUN').length === 0,
    'Dockerfile: the last stage runs something, which needs emulation for other processors',
  );
  check(
    /^USER [1-9]\d*:[1-9]\d*$/.test(named('USER').at(-1) ?? ''),
    'Dockerfile: expected USER with two numbers, not root',
  );
  check(named('STOPSIGNAL')[0] === 'STOPSIGNAL SIGTERM', 'Dockerfile: expected STOPSIGNAL SIGTERM');
  check(named('HEALTHCHECK').length === 1, 'Dockerfile: expected a HEALTHCHECK');
  for (const name of ['ENTRYPOINT', 'CMD'])
    check(
      /^\w+ \["/.test(named(name)[0] ?? ''),
      `Dockerfile: expected ${name} as a list: a shell would not pass signals on`,
    );
  check(
    named('COPY').every((line) => line.includes('--from=build ')),
    'Dockerfile: the last stage copies more than what was built',
  );
  check(!/^ADD /m.test(text), 'Dockerfile: expected COPY instead of ADD');
  check(!/:latest\b/.test(text), 'Dockerfile: found a tag "latest"');
  const ignored = textOf('.dockerignore').split('\n');
  for (const one of ['.git', '**/node_modules', '**/dist', '**/.env'])
    check(ignored.includes(one), `.dockerignore: expected ${one}`);
}
