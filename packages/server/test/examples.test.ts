import { describeExamples } from '../../../scripts/describe-examples.js';

describeExamples(new URL('../', import.meta.url));
