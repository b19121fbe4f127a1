import createClient, { type Middleware } from 'openapi-fetch';
import { type ProblemBody, ProblemError } from './problem';
import type { paths } from './schema';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A key that lets the server recognise a repeated request. */
export function idempotencyKey(): string {
  // randomUUID is missing on plain http addresses, where a shop may well run its server.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const headers: Middleware = {
  onRequest({ request }) {
    if (SAFE.has(request.method)) return;
    request.headers.set('X-Clientele', '1');
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
      request.headers.set('Idempotency-Key', idempotencyKey());
    }
  },
};

/** The typed client of the HTTP API. */
export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? 'http://localhost',
  fetch: (request) => globalThis.fetch(request),
});
api.use(headers);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of an answer; throws a `ProblemError` when the server refused. */
export function unwrap<T>({ data, error, response }: Answer<T>): T {
  if (response.ok) return data as T;
  throw asProblem(error, response);
}

/** The body of an answer together with its entity tag, for later edits. */
export function unwrapTagged<T>(answer: Answer<T>): { data: T; etag: string } {
  return { data: unwrap(answer), etag: answer.response.headers.get('ETag') ?? '' };
}

function asProblem(error: unknown, response: Response): ProblemError {
  const requestId = response.headers.get('X-Request-Id');
  if (typeof error === 'object' && error !== null && 'code' in error) {
    const problem = error as Partial<ProblemBody>;
    return new ProblemError({ ...problem, status: response.status }, requestId);
  }
  return new ProblemError({ status: response.status }, requestId);
}

/** Sends a file as the raw body, reporting progress, which fetch cannot do. */
export function uploadFile(
  file: File,
  onProgress: (sent: number, total: number) => void,
  signal?: AbortSignal,
): Promise<{ id: string; name: string; size_bytes: number; sha256: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/uploads?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('X-Clientele', '1');
    request.setRequestHeader('Idempotency-Key', idempotencyKey());
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => onProgress(event.loaded, event.total);
    request.onload = () => {
      const body: unknown = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) {
        resolve(body as { id: string; name: string; size_bytes: number; sha256: string });
      } else {
        const problem = (body ?? {}) as Partial<ProblemBody>;
        reject(new ProblemError({ ...problem, status: request.status }));
      }
    };
    request.onerror = () => reject(new ProblemError({ status: 0, code: 'offline' }));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
