// The walk down the decision tree for a config, in a preview beside it that follows what is typed.
import * as vscode from 'vscode';
import { explain } from './requests';
import type { Server } from './server';

const PAUSE = 400; // milliseconds without typing before the walk is taken again

/** Registers the command that opens the walk, and what keeps it up to date. */
export function registerExplanations(server: Server): vscode.Disposable {
  /** Explained configs, with the names of their pages. */
  const explained = new Map<string, string>();
  let pending: NodeJS.Timeout | undefined;
  return vscode.Disposable.from(
    { dispose: () => clearTimeout(pending) },
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      const page = explained.get(document.uri.toString());
      if (page !== undefined && isPreviewed(page)) {
        clearTimeout(pending);
        // The server writes the page anew, and the preview notices.
        pending = setTimeout(() => void explain(server, document.uri), PAUSE);
      }
    }),
    // Without an address, the config in front is meant.
    vscode.commands.registerCommand('hplint.explainConfig', async (address?: string) => {
      const config = address === undefined ? vscode.window.activeTextEditor?.document.uri : vscode.Uri.parse(address, true);
      const explanation = config && (await explain(server, config));
      if (explanation) {
        const page = vscode.Uri.parse(explanation.uri);
        explained.set(config.toString(), `${explanation.title}.md`);
        await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
      } else if (explanation === null) {
        void vscode.window.showInformationMessage('hplint takes this file for no training config.');
      }
    }),
  );
}

function isPreviewed(page: string): boolean {
  return vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.includes(page)));
}
