// The language server's life: start, stop, restart, and what is told to the user when it cannot run.
import * as vscode from 'vscode';
import {
  CloseAction,
  type DocumentSelector,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient/node';
import { NoServerError, type ServerCommand, serverCommand } from './command';
import { choice } from './configuration';
import { KERAS_SCHEME } from './kerasArchive';
import { selectedInterpreter } from './python';

const MOST_CRASHES = 4;
const CRASHES_WITHIN = 3 * 60 * 1000; // milliseconds
const SHOW_EXPLANATION = 'hplint.server.showExplanation';

const LANGUAGES: readonly { language: string; pattern?: string }[] = [
  { language: 'yaml' },
  { language: 'json' },
  { language: 'jsonc' },
  { language: 'toml' },
  // VS Code's name for these is that of Java's property files, which are none of hplint's business.
  { language: 'properties', pattern: '**/*.{cfg,conf}' },
];

/** What the status item shows of the server. */
export type Health =
  | { readonly state: 'starting' | 'stopped' }
  | { readonly state: 'running'; readonly version: string; readonly origin: string }
  | { readonly state: 'failed'; readonly reason: string };

/** One server for all folders of the window. */
export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private current: Health = { state: 'stopped' };
  private readonly changed = new vscode.EventEmitter<Health>();
  /** Starts and stops are done one after the other, whoever asks for them. */
  private queue: Promise<void> = Promise.resolve();

  readonly onDidChangeHealth = this.changed.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get health(): Health {
    return this.current;
  }

  /** The running client, or undefined. */
  get running(): LanguageClient | undefined {
    return this.client?.isRunning() ? this.client : undefined;
  }

  /** Whether hplint looks at a document. */
  handles(document: vscode.TextDocument): boolean {
    return vscode.languages.match(selector() as vscode.DocumentSelector, document) > 0;
  }

  /** Starts the server, after stopping the one that runs. */
  restart(): Promise<void> {
    this.queue = this.queue.then(() => this.stop()).then(() => this.start());
    return this.queue;
  }

  dispose(): Promise<void> {
    this.queue = this.queue.then(() => this.stop());
    return this.queue;
  }

  private async start(): Promise<void> {
    this.report({ state: 'starting' });
    try {
      const command = await serverCommand(choice(), await selectedInterpreter(), this.context.extensionPath);
      this.log.info(`starting ${[command.command, ...command.args].join(' ')}`);
      const client = this.makeClient(command);
      this.client = client;
      await client.start();
      this.reportRunning(client, command);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.error(reason);
      this.report({ state: 'failed', reason });
      if (error instanceof NoServerError) {
        void this.explainFailure(reason);
      }
    }
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client !== undefined && client.state !== State.Stopped) {
      await client.dispose().catch((error: Error) => this.log.warn(`stopping: ${error.message}`));
    }
    this.report({ state: 'stopped' });
  }

  private makeClient(command: ServerCommand): LanguageClient {
    const options: LanguageClientOptions = {
      documentSelector: selector(),
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: { ...vscode.workspace.getConfiguration('hplint') },
      errorHandler: patient(),
      markdown: { supportHtml: false },
      middleware: {
        window: {
          // Pages of rules and explanations are for reading.
          showDocument: async (params, token, next) => {
            const page = vscode.Uri.parse(params.uri);
            if (!page.path.endsWith('.md') || params.external) {
              return next(params, token);
            }
            await vscode.commands.executeCommand('markdown.showPreview', page);
            return { success: true };
          },
        },
        // Nothing can be written into an archive: what edits, at once or after a further question, is not offered there.
        provideCodeActions: async (document, range, context, token, next) => {
          const actions = await next(document, range, context, token);
          const readOnly = document.uri.scheme === KERAS_SCHEME;
          return readOnly ? actions?.filter((action) => action.command !== undefined) : actions;
        },
        // The line above a config, and the light bulb, lead to the explanation that the extension keeps up to date.
        executeCommand: (command, args, next) =>
          command === SHOW_EXPLANATION
            ? vscode.commands.executeCommand('hplint.explainConfig', ...(args as unknown[]))
            : next(command, args),
      },
    };
    const { command: program, args } = command;
    // Not in the user's workspace, whose files must not be taken for modules or programs.
    const executable = { command: program, args: [...args], options: { cwd: this.context.extensionPath } };
    const client = new LanguageClient('hplint', 'hplint', executable, options);
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) {
        return; // one that was replaced
      }
      if (newState === State.Stopped) {
        this.report({ state: 'failed', reason: 'the server stopped; its log says why' });
      } else if (newState === State.Running) {
        this.reportRunning(client, command); // again, when it comes back after a crash
      }
    });
    return client;
  }

  private async explainFailure(reason: string): Promise<void> {
    const [settings, logs] = ['Open Settings', 'Show Logs'];
    const answer = await vscode.window.showErrorMessage(`hplint cannot start. ${reason}`, settings, logs);
    if (answer === settings) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'hplint.interpreter');
    } else if (answer === logs) {
      this.log.show();
    }
  }

  private reportRunning(client: LanguageClient, { origin }: ServerCommand): void {
    const version = client.initializeResult?.serverInfo?.version ?? 'of unknown version';
    if (this.current.state !== 'running') {
      this.log.info(`hplint ${version} runs: ${origin}`);
      this.report({ state: 'running', version, origin });
    }
  }

  private report(health: Health): void {
    this.current = health;
    this.changed.fire(health);
  }
}

/**
 * Starts a server that crashes again, without a word; gives up on one that does nothing else.
 *
 * What cannot be written to a server that is gone counts as nothing: its end is noticed next, and that is what decides.
 */
function patient(): ErrorHandler {
  const crashes: number[] = [];
  return {
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    closed: () => {
      crashes.push(Date.now());
      const recent = crashes.filter((time) => time > Date.now() - CRASHES_WITHIN);
      return recent.length <= MOST_CRASHES
        ? { action: CloseAction.Restart, handled: true }
        : { action: CloseAction.DoNotRestart, message: 'hplint stopped several times in a row; its log says why.' };
    },
  };
}

/** The documents that hplint looks at: those on disk and those not saved yet, but not, say, old versions from git. */
function selector(): DocumentSelector {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const schemes = new Set(['file', 'untitled', KERAS_SCHEME, ...folders.map((folder) => folder.uri.scheme)]);
  return [...schemes].flatMap((scheme) => LANGUAGES.map((one) => ({ scheme, ...one })));
}
