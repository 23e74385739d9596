// One validator is imported by its name, so that the bundle holds it and not those of all other types.
import { isSubmitJobParam } from '@ips-sdk/validator/SubmitJobParam';

export const isJob = (value) => isSubmitJobParam(value);
