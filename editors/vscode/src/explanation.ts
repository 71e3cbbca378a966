// The walk down the decision tree for a config, in a preview beside it that follows what is typed.
import * as vscode from 'vscode';
import { explain } from './requests';
import type { Server } from './server';

const SCHEME = 'hplint-explanation';
const PAUSE = 400; // milliseconds without typing before the walk is taken again

/** Registers the command that opens the walk, and what shows it. */
export function registerExplanations(server: Server): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let pending: NodeJS.Timeout | undefined;
  return vscode.Disposable.from(
    changed,
    { dispose: () => clearTimeout(pending) },
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (page) => pageText(server, configOf(page)),
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      const page = pageOf(document.uri);
      if (vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === page.toString())) {
        clearTimeout(pending);
        pending = setTimeout(() => changed.fire(page), PAUSE);
      }
    }),
    vscode.commands.registerCommand('hplint.explainConfig', async () => {
      const document = vscode.window.activeTextEditor?.document;
      if (document === undefined) {
        return;
      }
      if ((await explain(server, document.uri)) === null) {
        void vscode.window.showInformationMessage('hplint takes this file for no training config.');
        return;
      }
      const page = pageOf(document.uri);
      changed.fire(page); // an explanation that was closed before may be kept
      await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
    }),
  );
}

/** The address of a config's walk: named after the config, whose own address it carries. */
function pageOf(config: vscode.Uri): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `${config.path}.md`, query: config.toString() });
}

function configOf(page: vscode.Uri): vscode.Uri {
  return vscode.Uri.parse(page.query, true);
}

async function pageText(server: Server, config: vscode.Uri): Promise<string> {
  const explanation = await explain(server, config);
  return explanation?.markdown ?? 'hplint has nothing to explain: it does not run, or takes this file for no training config.';
}
