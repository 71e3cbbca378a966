"""Report formats, one module each.

A module that writes file by file has `render(report, screen)`; one that writes a whole document at the end has
`document(reports)`. Text from a config goes through `escape` or the format's own way of quoting, so that it can neither
steer a terminal nor speak to the CI system that reads the output.
"""

FORMATS = {
    "full": "with excerpts (the default)",
    "concise": "a line per finding",
    "grouped": "by file",
    "json": "for programs",
    "json-lines": "one finding per line",
    "sarif": "SARIF 2.1.0, for code scanning",
    "github": "annotations of GitHub Actions",
    "gitlab": "a code quality report of GitLab",
    "junit": "JUnit XML",
    "azure": "log commands of Azure Pipelines",
    "checkstyle": "Checkstyle XML",
    "rdjson": "for reviewdog",
    "markdown": "for a comment or a job summary",
}
"""Every format and what it is for."""


BY_FILE = ("full", "concise", "grouped", "json-lines", "github", "azure")
"""Those that are written file by file, while the run goes on."""


def module_name(name: str) -> str:
    """Return the module of a format."""
    return f"hplint.output.{name.replace('-', '_')}"
