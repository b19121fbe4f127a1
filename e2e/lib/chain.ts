import { Client } from './client';
import { command, newDataFolder, type Program, startProgram } from './program';

/** A running sample chain, graded, with its administrator signed in. */
export interface Chain {
  program: Program;
  client: Client;
}

/** Makes a sample chain of a given size and starts the program on it. */
export async function startChain(customers: number): Promise<Chain> {
  const data = newDataFolder();
  await command('demo', '--customers', String(customers), '--seed', '7', '--data', data);
  // Nothing of its own accord while a test looks: the hour of the night may have come.
  await command('settings', 'set', 'backup_hour', '-1', '--data', data);
  const program = await startProgram(data, '--backups', 'backups');
  const client = await Client.setUp(program.address);
  await client.finish(await client.call('POST', '/api/duplicates/scan'));
  await client.finish(await client.call('POST', '/api/grades/run', {}));
  return { program, client };
}
