// Starts a server on the given data directory, or two in memory, and prints how long each took as JSON.
import module from 'node:module';

// As the command does.
module.enableCompileCache();
const { createIpsServer } = await import('@ips-sdk/server');

const [dataDir] = process.argv.slice(2);
const rounds = dataDir === undefined ? 2 : 1;
const starts: { wall: number; cpu: number }[] = [];
for (let round = 0; round < rounds; round += 1) {
  // The first one since the process began: importing the server is part of it.
  const wall = round === 0 ? 0 : performance.now();
  const before = round === 0 ? { user: 0, system: 0 } : process.cpuUsage();
  const server = await createIpsServer({ dataDir });
  const { user, system } = process.cpuUsage();
  starts.push({
    wall: performance.now() - wall,
    cpu: (user + system - before.user - before.system) / 1000,
  });
  await server.stop();
}
console.log(JSON.stringify(starts));
