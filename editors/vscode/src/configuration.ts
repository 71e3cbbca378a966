// The user's settings that concern the extension itself; all others are read by the server.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import * as vscode from 'vscode';

export type ImportStrategy = 'fromEnvironment' | 'useBundled';

/** What the user chose about which hplint to run. */
export interface Choice {
  /** Existing paths of `hplint` programs, best first. */
  readonly path: readonly string[];
  /** The Python that runs hplint with its arguments; empty when the user names none. */
  readonly interpreter: readonly string[];
  readonly importStrategy: ImportStrategy;
}

/** Settings that take effect only in a new server process. */
const RESTARTING = ['hplint.path', 'hplint.interpreter', 'hplint.importStrategy'];

/** Reads the choice anew. In a workspace that is not trusted, only the bundled copy may run. */
export function choice(): Choice {
  const settings = vscode.workspace.getConfiguration('hplint');
  if (!vscode.workspace.isTrusted) {
    // VS Code hides the workspace's own values of these settings; the user's values still count.
    return {
      path: [],
      interpreter: settings.get<string[]>('interpreter', []).map(expanded),
      importStrategy: 'useBundled',
    };
  }
  return {
    path: settings.get<string[]>('path', []).map(expanded).filter((path) => existsSync(path)),
    interpreter: settings.get<string[]>('interpreter', []).map(expanded),
    importStrategy: settings.get<ImportStrategy>('importStrategy', 'fromEnvironment'),
  };
}

export function needsRestart(event: vscode.ConfigurationChangeEvent): boolean {
  return RESTARTING.some((name) => event.affectsConfiguration(name));
}

/** Replaces `${workspaceFolder}` by the first folder, and a leading `~` by the user's home. */
function expanded(value: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  return value.replaceAll('${workspaceFolder}', folder).replace(/^~(?=$|[/\\])/, homedir());
}
