// What the extension asks of the server beyond the protocol's own requests: commands that answer.
import type * as vscode from 'vscode';
import { ExecuteCommandRequest } from 'vscode-languageclient/node';
import type { Server } from './server';

/** The walk down the decision tree for a config, as a page; `uri` is the file that holds it, `title` the config's name. */
export interface Explanation {
  readonly title: string;
  readonly uri: string;
  readonly markdown: string;
}

/** What hplint takes a file for; format and title are null for what is no training config. */
export interface Description {
  readonly format: string | null;
  readonly title: string | null;
  readonly reason: string;
}

/** Returns undefined when the server does not run, and null for what is no training config. */
export function explain(server: Server, document: vscode.Uri): Promise<Explanation | null | undefined> {
  return ask(server, 'hplint.server.explain', document);
}

/** Returns undefined when the server does not run or is too old to say, and null for what hplint does not read. */
export function describe(server: Server, document: vscode.Uri): Promise<Description | null | undefined> {
  return ask(server, 'hplint.server.describe', document);
}

async function ask<T>(server: Server, command: string, document: vscode.Uri): Promise<T | undefined> {
  const client = server.running;
  const commands = client?.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
  if (client === undefined || !commands.includes(command)) {
    return undefined;
  }
  const uri = client.code2ProtocolConverter.asUri(document);
  return client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [uri] }).catch(() => undefined) as Promise<T | undefined>;
}
