// Checks the Dockerfile, deploy/compose.yaml and deploy/kubernetes: their form, by the rules of their tools, and that they say what the
// server understands. `npm run check:containers`; the image itself is rehearsed by scripts/rehearse-container.mjs.
import { checkCommands } from './containers/commands.mjs';
import { checkCompose, checkEnvExample } from './containers/compose.mjs';
import { checkDockerfile } from './containers/dockerfile.mjs';
import { problems, skipped } from './containers/findings.mjs';
import { checkDisks, checkEgress, checkEndOfTime, checkMetrics } from './containers/limits.mjs';
import { checkManifests } from './containers/manifests.mjs';

checkDockerfile();
const compose = checkCompose();
const manifests = await checkManifests();
checkCommands(compose, manifests);
checkEnvExample();
checkEndOfTime(compose, manifests);
checkDisks(manifests);
checkMetrics(compose, manifests);
checkEgress(manifests);

for (const what of skipped) console.log(`skipped: ${what}`);
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
} else console.log('the Dockerfile, the Compose file and the manifests are valid');
