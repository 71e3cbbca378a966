"""Files of other kinds than training configs, as they lie in the same repositories: none of them may be claimed."""

from __future__ import annotations

import json

FOREIGN: dict[str, str] = {
    "workflow.yml": """\
name: ci
on: {push: {branches: [main]}}
defaults: {run: {shell: bash}}
jobs:
  test:
    runs-on: ubuntu-latest
    strategy: {matrix: {python: ["3.10", 3.11], batch_size: [1, 2]}}
    steps: [{uses: actions/checkout@v4}, {run: pytest, name: test}]
""",
    "jekyll.yml": "title: Docs\ndefaults:\n  - scope: {path: ''}\n    values: {layout: page}\nplugins: [jekyll-feed]\n",
    "compose.yaml": """\
services:
  trainer: {image: trainer, environment: {BATCH_SIZE: 8, EPOCHS: 3, LEARNING_RATE: 0.1}}
volumes: {data: {}}
""",
    "deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: model}
spec: {replicas: 2, template: {spec: {containers: [{name: a, args: [--lr, "0.1"]}]}}}
""",
    "configmap.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {lr: '0.1', epochs: '3'}\n",
    "openapi.yaml": """\
openapi: 3.1.0
info: {title: training, version: 1.0.0}
paths: {/train: {post: {responses: {'200': {description: ok}}}}}
components:
  schemas:
    Job: {type: object, properties: {learning_rate: {type: number}, epochs: {type: integer}}}
""",
    "schema.json": json.dumps({
        "type": "object",
        "properties": {"learning_rate": {"type": "number"}, "epochs": {"type": "integer", "default": 3}},
    }),
    "package.json": json.dumps({"name": "ui", "version": "1.0.0", "scripts": {"train": "node x"}, "dependencies": {}}),
    "tsconfig.json": json.dumps({"compilerOptions": {"target": "es2022", "strict": True}, "include": ["src"]}),
    "pyproject.toml": '[project]\nname = "trainer"\nversion = "1"\n[tool.ruff]\nline-length = 120\n',
    "mkdocs.yml": "site_name: Docs\ntheme: {name: material}\nnav: [{Home: index.md}]\nplugins: [search]\n",
    "pre-commit.yaml": "repos:\n  - repo: local\n    hooks: [{id: x, name: x, entry: x, language: system}]\n",
    "environment.yml": "name: train\nchannels: [conda-forge]\ndependencies: [python=3.11, pytorch]\n",
    "dvc.yaml": "stages:\n  train: {cmd: python train.py, deps: [train.py], params: [lr, epochs], outs: [model]}\n",
    "MLproject.yaml": "name: x\nentry_points: {main: {parameters: {lr: {type: float}}, command: python x}}\n",
    "data.yaml": "users: [{name: a, email: b}]\nversion: 3\n",
    "helm.yaml": "replicaCount: 1\nimage: {repository: x, tag: y}\nhydra: {config: {serve: {}}, image: {}}\n",
    "wandb-run.yaml": "wandb_version: 1\n_wandb: {desc: null, value: {}}\nlr: {desc: null, value: 0.1}\n",
    "results.json": json.dumps({"epoch": 3.0, "train_loss": 0.3, "train_runtime": 12.5}),
    "trainer_state.json": json.dumps({
        "epoch": 3.0, "max_steps": 30, "num_train_epochs": 3, "train_batch_size": 8,
        "log_history": [{"epoch": 1.0, "learning_rate": 0.1, "loss": 2.0, "step": 10}],
    }),
    "examples.json": '{"instruction": "add", "output": "3"}\n{"instruction": "take", "output": "1"}\n',
    "pairs.json": '["a", 1]\n["b", 2]\n',
    "metrics.json": json.dumps([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.4}]),
    "tokenizer_config.json": json.dumps({"model_max_length": 512, "tokenizer_class": "BertTokenizer"}),
    "generation_config.json": json.dumps({"max_new_tokens": 20, "temperature": 0.7, "eos_token_id": 2}),
    "task.yaml": "task: arc\ndataset_path: ai2_arc\noutput_type: multiple_choice\ndoc_to_text: q\nbatch_size: 8\n",
    "grafana.json": json.dumps({"panels": [], "title": "train", "time": {"from": "now-1h", "to": "now"}}),
    "vscode.json": json.dumps({"editor.tabSize": 2, "python.testing.pytestEnabled": True}),
    "ansible.yml": "- hosts: all\n  tasks: [{name: x, ansible.builtin.ping: {}}]\n",
    "codecov.yml": "coverage: {status: {project: {default: {target: 90%}}}}\n",
    "dependabot.yml": "version: 2\nupdates: [{package-ecosystem: pip, directory: /, schedule: {interval: weekly}}]\n",
    "serverless.yml": "service: x\nprovider: {name: aws, runtime: python3.11}\nfunctions: {a: {handler: a.b}}\n",
    "gitlab-ci.yml": "stages: [test]\ntest: {stage: test, script: [pytest], variables: {EPOCHS: 1, BATCH_SIZE: 2}}\n",
    "prometheus.yml": "global: {scrape_interval: 15s}\nscrape_configs: [{job_name: a, static_configs: []}]\n",
}  # fmt: skip
FOREIGN["dpo.yaml"] = "method: dpo\npaths: {data: x}\ntraining: {steps: 3}\nsystem: {gpus: 2}\n"
