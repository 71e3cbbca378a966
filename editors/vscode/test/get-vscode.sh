#!/usr/bin/env bash
# get-vscode.sh FOLDER: a VS Code server that runs, in FOLDER/lib/vscode, out of the npm package code-server.
# Nothing is compiled: the three native modules that it would need are replaced by stand-ins. Needs Node 20.
set -euo pipefail
folder=$1 version=4.100.3 # holds VS Code 1.100.3
stand_ins=$(cd "$(dirname "$0")" && pwd)/stand-ins
[[ ! -f $folder/complete-$version ]] || exit 0

rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
npm pack --silent "code-server@$version" >/dev/null
tar xzf "code-server-$version.tgz" --strip-components=1 package/lib
rm "code-server-$version.tgz"
cd lib/vscode
npm install --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error >/dev/null
cp "$stand_ins/spdlog.cjs" node_modules/@vscode/spdlog/index.js
cp "$stand_ins/native-watchdog.cjs" node_modules/native-watchdog/index.js
mkdir -p node_modules/@vscode/ripgrep/bin
ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
touch "$folder/complete-$version"
