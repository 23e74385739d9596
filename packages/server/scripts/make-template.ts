// Adds an empty database to the package, from which embedded ones are copied: creating one takes seconds.
import { shipTemplate } from '../dist/db/template.js';

await shipTemplate();
