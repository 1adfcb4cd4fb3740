"""Names the folders of a target that need each other, both ways: python3 tools/lib/circles.py Sources/EventLog …

Which folder needs which is read off the names of types: a folder needs another where its files name a type that the other one declares.
Names that several folders declare, or that a file declares within itself, tell nothing. What lies in no folder is everybody's.
"""
import collections
import pathlib
import re
import sys

# What is no code: texts over several lines, comments, texts.
SILENT = re.compile(r'"""(?:.|\n)*?"""|//[^\n]*|"(?:\\.|[^"\\\n])*"')
WORDS = r"(?:(?:package|public|private|fileprivate|final|indirect|nonisolated) )*"
KINDS = r"(?:struct|enum|class|actor|protocol|typealias) "
DECLARED = re.compile(rf"^{WORDS}{KINDS}([A-Z]\w*)", re.MULTILINE)
WITHIN = re.compile(rf"^ +{WORDS}{KINDS}([A-Z]\w*)", re.MULTILINE)
NAMED = re.compile(r"(?<![.\w])[A-Z]\w*")


def circles(target):
    """Each pair of folders that need each other: one, other, and for both ways a name and a file that show it."""
    texts = {}
    for file in sorted(target.rglob("*.swift")):
        folder = file.relative_to(target).parts[0] if file.parent != target else None
        texts[file] = folder, SILENT.sub('""', file.read_text())
    homes = collections.defaultdict(set)
    for folder, text in texts.values():
        for name in DECLARED.findall(text):
            homes[name].add(folder)
    needs = {}
    for file, (folder, text) in texts.items():
        if folder is None:
            continue
        for name in sorted(set(NAMED.findall(text)) - set(WITHIN.findall(text))):
            home = homes.get(name, ())
            if len(home) == 1 and (other := next(iter(home))) not in (None, folder):
                needs.setdefault((folder, other), f"{name} in {file}")
    return [(one, other, needs[one, other], needs[other, one])
            for one, other in sorted(needs) if one < other and (other, one) in needs]


def main():
    found = False
    for target in map(pathlib.Path, sys.argv[1:]):
        for one, other, there, back in circles(target):
            found = True
            print(f"{target}: {one} and {other} need each other: {there}; {back}")
    sys.exit(1 if found else 0)


main()
