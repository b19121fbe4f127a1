import type { Api } from './types';

/** What a refusal carries; a proxy in between may leave out anything but the status. */
export type ProblemBody = Partial<Omit<Api<'Problem'>, 'params'>> & {
  status: number;
  params?: Record<string, unknown>;
};

/** An answer of the server that refuses the request, or the absence of an answer. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly params: Record<string, unknown>;
  readonly field: string | null;
  /** What a proxy in between calls the request, to be quoted in its log. */
  readonly requestId: string | null;

  constructor(problem: ProblemBody, requestId: string | null = null) {
    super(problem.code ?? `HTTP ${problem.status}`);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.code = problem.code ?? `http_${problem.status}`;
    this.params = problem.params ?? {};
    this.field = problem.field ?? null;
    this.requestId = requestId;
  }
}

/** Makes a problem out of whatever was thrown, so that screens handle one shape. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof TypeError) return new ProblemError({ status: 0, code: 'offline' });
  return new ProblemError({ status: 0, code: 'unexpected' });
}

/** True when the request was refused for lack of permission. */
export function isForbidden(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 403;
}

/** True when nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401;
}

/** True when the session is over; a wrong password, also a 401, is something else. */
export function isSessionOver(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'not_signed_in';
}

/** True when somebody else changed the record since it was read. */
export function isStale(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 412;
}
