// Decides which hplint to run: a program that the user names, that of a Python environment, or the bundled copy.
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import type { Choice, ImportStrategy } from './configuration';

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
const PATIENCE = 20_000; // milliseconds for a program to say who it is
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
  const chosen = choice.interpreter.length > 0 ? choice.interpreter : selected ? [selected] : undefined;
  const launcher = path.join(extensionPath, 'bundled', 'launch.py');
  const failures: string[] = [];
  let bundled: ServerCommand | undefined;
  for (const python of chosen ? [chosen] : PYTHONS.map((name) => [name])) {
    const found = await launched(python, launcher, choice.importStrategy);
    if (typeof found === 'string') {
      failures.push(`${python.join(' ')}: ${found}`);
    } else if (found.isBundled) {
      bundled ??= found.command;
    } else {
      return found.command;
    }
  }
  if (chosen === undefined && choice.importStrategy === 'fromEnvironment' && (await runs('hplint', extensionPath))) {
    return { command: 'hplint', args: ['server'], origin: 'hplint on the PATH' };
  }
  if (bundled !== undefined) {
    return bundled;
  }
  throw new NoServerError(
    `No Python can run hplint. ${failures.join('; ')}. ` +
      'Select an interpreter of version 3.10 or later in the Python extension, or name one in the setting hplint.interpreter.',
  );
}

/**
 * Returns how a Python runs hplint, or the reason why it cannot.
 *
 * Not with `python -m hplint`: that would import modules from the folder it is started in, the user's workspace.
 */
async function launched(
  python: readonly string[],
  launcher: string,
  strategy: ImportStrategy,
): Promise<{ command: ServerCommand; isBundled: boolean } | string> {
  const [command = '', ...options] = python;
  const launch = [...options, launcher, strategy];
  try {
    const { stdout } = await run(command, [...launch, '--describe'], { timeout: PATIENCE, cwd: path.dirname(launcher) });
    const about = JSON.parse(stdout) as Description;
    const isBundled = about.origin === 'bundled';
    const copy = isBundled ? 'the copy in the extension' : 'that of the environment';
    const origin = `${copy}, run by ${about.executable} (Python ${about.python})`;
    return { command: { command, args: [...launch, 'server'], origin }, isBundled };
  } catch (error) {
    return reason(error);
  }
}

function runs(program: string, cwd: string): Promise<boolean> {
  return run(program, ['--version'], { timeout: PATIENCE, cwd }).then(
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
