// Runs the tests beside this file in VS Code's extension host; VS Code calls run().
import { format } from 'node:util';
import Mocha from 'mocha';

/** Begins every line of the report, which comes among all else that VS Code logs. */
const MARK = 'test| ';

export async function run(): Promise<void> {
  const print = console.log.bind(console);
  Mocha.reporters.Base.consoleLog = (...words: unknown[]) => {
    format(...words).split('\n').forEach((line) => print(MARK + line));
  };
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, slow: 10_000, color: false, reporter: 'spec' });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./findings.test');
  await import('./knowledge.test');
  await import('./server.test');
  await import('./keras.test');
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => (failures > 0 ? reject(new Error(`${failures} tests failed`)) : resolve()));
  });
}
