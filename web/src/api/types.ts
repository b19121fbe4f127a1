import type { components } from './schema';

/** Types of the API by their name, for example `Api<'CustomerRow'>`. */
export type Api<Name extends keyof components['schemas']> = components['schemas'][Name];

export type Money = Api<'Money'>;
export type Label = Api<'Label'>;
export type Job = Api<'Job'>;
export type Session = Api<'Session'>;
