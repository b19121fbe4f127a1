import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const binary = process.env.CLIENTELE_PROGRAM ?? join(root, 'target/debug/clientele');
const run = promisify(execFile);

/** A running program over a data folder of its own. */
export interface Program {
  /** Where it answers, without a slash at the end. */
  address: string;
  /** Its data folder, which is gone after `stop`. */
  data: string;
  /** Ends the program as a terminal would, waits until it is gone, and fails if it logged errors. */
  stop: () => Promise<void>;
}

/** An empty data folder. */
export function newDataFolder(): string {
  return mkdtempSync(join(tmpdir(), 'clientele-e2e-'));
}

/** Runs one command of the command line to its end and returns what it printed. */
export async function command(...args: string[]): Promise<string> {
  const { stdout } = await run(binary, args, { maxBuffer: 64 << 20 });
  return stdout;
}

/** Starts the real program on a free port and waits until it says where it listens. */
export async function startProgram(data = newDataFolder(), ...options: string[]): Promise<Program> {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run cargo build first`);
  const args = ['serve', '--data', data, '--listen', '127.0.0.1:0', ...options];
  const child = spawn(binary, args, {
    cwd: data,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /listening on (http:\/\/[\d.]+:\d+)/.exec(said);
      if (found?.[1]) resolve(found[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    exited.then((code) => reject(new Error(`the program ended with ${code}:\n${said}`)));
  });
  const stop = async () => {
    const ended = child.exitCode ?? child.signalCode;
    child.kill('SIGTERM');
    await exited;
    rmSync(data, { recursive: true, force: true });
    if (ended !== null) throw new Error(`the program ended by itself with ${ended}:\n${said}`);
    const errors = said.split('\n').filter((line) => line.includes('"level":"ERROR"'));
    if (errors.length > 0) throw new Error(`the program logged:\n${errors.join('\n')}`);
  };
  return { address, data, stop };
}
