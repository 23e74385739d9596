// Puts an empty database into the package, from which the embedded ones are copied: making one takes seconds.
import { shipTemplate } from '../dist/db/template.js';

await shipTemplate();
