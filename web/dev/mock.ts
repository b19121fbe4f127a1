import type { IncomingMessage, ServerResponse } from 'node:http';

export function handle(_request: IncomingMessage, response: ServerResponse): void {
  response.statusCode = 404;
  response.end();
}
