import { describeExamples } from '../../../scripts/testing/describe-examples.js';

describeExamples(new URL('../', import.meta.url));
