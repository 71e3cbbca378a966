#!/usr/bin/env bash
# get-vscode.sh FOLDER VERSION: a VS Code server that runs, in FOLDER/lib/vscode, out of that version of the npm package
# code-server. Nothing is compiled: the three native modules that it would need are replaced by stand-ins.
set -euo pipefail
folder=$1 version=$2
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
for watchdog in node_modules/native-watchdog node_modules/@vscode/native-watchdog; do # the name has changed
    [[ ! -d $watchdog ]] || cp "$stand_ins/native-watchdog.cjs" $watchdog/index.js
done
if [[ -d node_modules/@vscode/ripgrep ]]; then
    mkdir -p node_modules/@vscode/ripgrep/bin
    ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
fi
touch "$folder/complete-$version"
