// Decides which hplint to run: a program that the user names, that of a Python environment, or the bundled copy.
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import type { Choice } from './configuration';

/** How to start hplint, and what to say of where it comes from. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly origin: string;
}

/** No hplint can be run; the message says why and what to do. */
export class NoServerError extends Error {}

/** What launch.py says with --describe. */
interface Description {
  readonly python: string;
  readonly executable: string;
  readonly origin: 'environment' | 'bundled';
}

const run = promisify(execFile);
const PYTHONS = process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];

/**
 * Returns the command that starts hplint.
 *
 * @param choice what the settings say
 * @param selected the interpreter selected in the Python extension, if there is one
 * @param extensionPath the folder of this extension, which holds the bundled copy
 * @throws NoServerError
 */
export async function serverCommand(
  choice: Choice,
  selected: string | undefined,
  extensionPath: string,
): Promise<ServerCommand> {
  const [program] = choice.path;
  if (program !== undefined) {
    return { command: program, args: ['server'], origin: program };
  }
  const named = choice.interpreter.length > 0;
  const candidates = named ? [choice.interpreter] : selected ? [[selected]] : PYTHONS.map((name) => [name]);
  // Not `python -m hplint`: that would import modules from the folder it is started in, the user's workspace.
  const launcher = path.join(extensionPath, 'bundled', 'launch.py');
  const failures: string[] = [];
  for (const [command = '', ...args] of candidates) {
    const launch = [...args, launcher, choice.importStrategy];
    try {
      const { stdout } = await run(command, [...launch, '--describe'], { timeout: 20_000, cwd: extensionPath });
      const about = JSON.parse(stdout) as Description;
      const copy = about.origin === 'bundled' ? 'the copy in the extension' : 'the environment';
      return { command, args: [...launch, 'server'], origin: `${copy}, run by ${about.executable} (${about.python})` };
    } catch (error) {
      failures.push(`${[command, ...args].join(' ')}: ${reason(error)}`);
    }
  }
  if (!named && !selected && choice.importStrategy === 'fromEnvironment' && (await runs('hplint'))) {
    return { command: 'hplint', args: ['server'], origin: 'hplint on the PATH' };
  }
  throw new NoServerError(
    `No Python that can run hplint. ${failures.join('; ')}. ` +
      'Select an interpreter of version 3.10 or later in the Python extension, or name one in the setting hplint.interpreter.',
  );
}

async function runs(program: string): Promise<boolean> {
  return run(program, ['--version'], { timeout: 20_000 }).then(
    () => true,
    () => false,
  );
}

/** Returns what a failed program said last, in one line. */
function reason(error: unknown): string {
  const { stderr, code, message } = error as { stderr?: string; code?: unknown; message: string };
  if (code === 'ENOENT') {
    return 'not found';
  }
  return stderr?.trim().split('\n').at(-1) || message;
}
