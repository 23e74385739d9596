// Starts a server on the given data directory, or two in memory, and prints how long each took as JSON: until it accepts calls, and until
// it runs jobs.
import module from 'node:module';

// As the command does.
module.enableCompileCache();
const { createIpsServer } = await import('@ips-sdk/server');

/** Milliseconds. */
interface Time {
  readonly wall: number;
  readonly cpu: number;
}

const [dataDir] = process.argv.slice(2);
const rounds = dataDir === undefined ? 2 : 1;
const starts: { accepts: Time; works: Time }[] = [];
for (let round = 0; round < rounds; round += 1) {
  // The first one since the process began: importing the server is part of it.
  const wall = round === 0 ? 0 : performance.now();
  const before = round === 0 ? { user: 0, system: 0 } : process.cpuUsage();
  const passed = (): Time => {
    const { user, system } = process.cpuUsage();
    return {
      wall: performance.now() - wall,
      cpu: (user + system - before.user - before.system) / 1000,
    };
  };
  const server = await createIpsServer({ dataDir });
  const accepts = passed();
  await server.ready;
  starts.push({ accepts, works: passed() });
  await server.stop();
}
console.log(JSON.stringify(starts));
