"""Prints every word of 64 hexadecimal digits that this user can find: in processes' memory, environments and files."""
import os
import re

WORD = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
PLACES = ["/etc", "/home", "/opt", "/root", "/run", "/srv", "/tmp", "/var", "/.sallyport"]
CHUNK = 1 << 22
found = set()


def look(path, start=0, end=None):
    try:
        with open(path, "rb", 0) as file:
            file.seek(start)
            tail = b""
            while end is None or start < end:
                chunk = file.read(CHUNK if end is None else min(CHUNK, end - start))
                if not chunk:
                    return
                start += len(chunk)
                found.update(WORD.findall(tail + chunk))
                tail = chunk[-64:]
    except (OSError, ValueError, OverflowError):
        pass


for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "cmdline", "auxv"):
        look(f"/proc/{pid}/{name}")
    try:
        with open(f"/proc/{pid}/maps") as maps:
            regions = [line.split()[:2] for line in maps]
    except OSError:
        continue
    for region, rights in regions:
        if rights.startswith("r"):
            first, last = (int(part, 16) for part in region.split("-"))
            look(f"/proc/{pid}/mem", first, last)

for place in PLACES:
    for folder, _, names in os.walk(place):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path) and os.path.getsize(path) < 1 << 26:
                look(path)

for word in sorted(found):
    print(word.decode())
