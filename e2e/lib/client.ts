/** The administrator that every test chain is set up with. */
export const ADMIN = {
  name: 'Wei Chen',
  email: 'wei@example.com',
  password: 'correct horse battery staple',
};

export type Language = 'en' | 'zh';

/** A signed-in caller of the HTTP API, for preparing what a screen then shows. */
export class Client {
  private constructor(
    private readonly address: string,
    /** The value of the session cookie, for handing to a browser. */
    readonly cookie: string,
  ) {}

  /** Creates the administrator of an empty chain and signs in. */
  static async setUp(address: string, language: Language = 'en'): Promise<Client> {
    return Client.from(address, '/api/setup', {
      ...ADMIN,
      language,
      chain_name: 'Harbour & Hill',
      reporting_currency: 'SGD',
      time_zone: 'Asia/Singapore',
    });
  }

  /** Signs somebody in, the administrator unless told otherwise. */
  static async signIn(
    address: string,
    email = ADMIN.email,
    password = ADMIN.password,
  ): Promise<Client> {
    return Client.from(address, '/api/session', { email, password });
  }

  private static async from(address: string, path: string, body: unknown): Promise<Client> {
    const answer = await fetch(address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-clientele': '1' },
      body: JSON.stringify(body),
    });
    const cookie = answer.headers.get('set-cookie')?.match(/clientele_session=([^;]+)/)?.[1];
    if (!answer.ok || !cookie) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return new Client(address, cookie);
  }

  /** One call; anything but success is an error with the program's own words. */
  async call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T> {
    const answer = await fetch(this.address + path, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-clientele': '1',
        cookie: `clientele_session=${this.cookie}`,
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Waits until no job waits or runs, those included that other jobs start. */
  async finishAll(): Promise<void> {
    for (;;) {
      const path = '/api/jobs?state=queued,running';
      const [job] = (await this.call<{ items: { id: string }[] }>('GET', path)).items;
      if (!job) return;
      await this.finish(job);
    }
  }

  /** Waits on the event stream until a job has ended, and fails if it failed. */
  async finish(job: { id: string }): Promise<void> {
    const events = await fetch(`${this.address}/api/events`, {
      headers: { cookie: `clientele_session=${this.cookie}` },
    });
    if (!events.body) throw new Error('the event stream has no body');
    const ended = async () => {
      const now = await this.call<{ state: string; error: unknown }>('GET', `/api/jobs/${job.id}`);
      if (now.state === 'failed' || now.state === 'cancelled') {
        throw new Error(`job ${job.id} ${now.state}: ${JSON.stringify(now.error)}`);
      }
      return now.state === 'done';
    };
    // The stream is open before the first look, so no ending is missed.
    const reader = events.body.getReader();
    while (!(await ended())) {
      if ((await reader.read()).done) throw new Error('the event stream ended before the job');
    }
    await reader.cancel();
  }
}
