"""Editor features as pure functions: offsets and records in, records out; nothing here knows a protocol.

`document.document(report)` makes what the features look at, once for each version of a text; every feature is a
function of it. A function of a document and an offset returns None or an empty tuple where it has nothing to say, and
never raises for the sake of the text.

| module | function | gives |
|---|---|---|
| document | document(report, last, settings) | Document: a linted text, its format, its schema |
| hover | hover(document, offset) | Hover: what a key means, allows, defaults to; the fact read; the advice |
| completion | complete(document, offset) | Completion...: keys, values, whole layers and features, best first |
| ranking | ranked(document, path, facts, listed, default, offset) | values in the order in which they are offered |
| hints | hints(document, kinds, start, stop) | Hint...: shapes, weights, batch, steps, grids, defaults in the text |
| lens | lens(document) | Lens: the line above a config |
| symbols | symbols(document) | Symbol...: the outline |
| folding | folds(document) | Fold... |
| selection | selections(document, offset) | Span..., each inside the next |
| links | links(document) | Link...: files (to be looked for) and pages of rules |
| navigation | occurrences, definitions (document, offset) | Occurrence..., Span...: what refers to what |
| navigation | renamable(document, offset), rename(document, offset, name) | Span; Rename: edits or why not |
| search_range | search_range(document, offset) | SearchRange: the value at an offset as a range to search |
| places | places(text, syntax, offset) | Place...: what is being written, told from the text alone |
| schemas | Schemas(schema) | which schemas hold at a place |
| markup | Markup | a text as Markdown and as plain text |

Imports: this package uses the engine; only the server and the command line use it.
"""
