"""Puts a built pyxlate into a wheel for this platform (PEP 427, PEP 425).

    python3 scripts/wheel/build.py bin/pyxlate dist/

Needs the standard library and the go command alone. Prints the wheel's path.
"""

import argparse
import base64
import hashlib
import pathlib
import platform
import struct
import subprocess
import sys
import zipfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
# Entries carry this date, so that the same binary gives the same wheel.
DATE = (1980, 1, 1, 0, 0, 0)


def is_static(elf: bytes) -> bool:
    """Whether a 64-bit little-endian ELF file asks for no dynamic linker."""
    offset, = struct.unpack_from("<Q", elf, 32)
    size, count = struct.unpack_from("<HH", elf, 54)
    interpreter = 3
    return all(struct.unpack_from("<I", elf, offset + i * size)[0] != interpreter for i in range(count))


def platform_tag(binary: bytes) -> str:
    """The platforms on which the binary runs."""
    machine = platform.machine().lower()
    if sys.platform.startswith("linux"):
        if not is_static(binary):
            return f"linux_{machine}"
        # Without a C library of the system any distribution will do.
        return f"manylinux_2_17_{machine}.manylinux2014_{machine}.musllinux_1_1_{machine}"
    if sys.platform == "darwin":
        return "macosx_11_0_arm64" if machine == "arm64" else "macosx_10_12_x86_64"
    if sys.platform == "win32":
        return {"amd64": "win_amd64", "arm64": "win_arm64"}[machine]
    sys.exit(f"build.py: no tag is known for {sys.platform} on {machine}")


def licenses(binary: pathlib.Path) -> dict[str, bytes]:
    """The licence of this project and those of the modules in the binary."""
    files = {"LICENSE": (REPOSITORY / "LICENSE").read_bytes()}
    listing = subprocess.run(["go", "version", "-m", binary], check=True, capture_output=True, text=True).stdout
    modules = [line.split()[1:3] for line in listing.splitlines() if line.split()[:1] == ["dep"]]
    for path, version in modules:
        directory = subprocess.run(["go", "list", "-m", "-f", "{{.Dir}}", path], cwd=REPOSITORY, check=True,
                                   capture_output=True, text=True).stdout.strip()
        found = [f for f in sorted(pathlib.Path(directory).iterdir())
                 if f.is_file() and f.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE"))]
        if not found:
            sys.exit(f"build.py: {path} {version} has no licence file")
        for f in found:
            files[f"{path}/{f.name}"] = f.read_bytes()
    return files


def metadata(version: str, license_files: list[str]) -> str:
    head = [
        "Metadata-Version: 2.4",
        "Name: pyxlate",
        f"Version: {version}",
        "Summary: Moves Python programs from a retired SDK to its successor",
        "License-Expression: MIT",
        *(f"License-File: {name}" for name in license_files),
        "Requires-Python: >=3.7",
        "Description-Content-Type: text/markdown",
    ]
    readme = REPOSITORY / "README.md"
    return "\n".join(head) + "\n\n" + (readme.read_text("utf-8") if readme.exists() else "")


def build(binary: pathlib.Path, out: pathlib.Path) -> pathlib.Path:
    version = (REPOSITORY / "packaging" / "VERSION").read_text().strip()
    program = binary.read_bytes()
    tags = [f"py3-none-{p}" for p in platform_tag(program).split(".")]
    info, data = f"pyxlate-{version}.dist-info", f"pyxlate-{version}.data"
    texts = licenses(binary)
    suffix = ".exe" if sys.platform == "win32" else ""
    entries: dict[str, bytes] = {
        "pyxlate/__init__.py": f'__version__ = "{version}"\n'.encode(),
        "pyxlate/__main__.py": (REPOSITORY / "packaging" / "__main__.py").read_bytes(),
        f"{data}/scripts/pyxlate{suffix}": program,
        **{f"{info}/licenses/{name}": text for name, text in texts.items()},
        f"{info}/METADATA": metadata(version, list(texts)).encode(),
        f"{info}/WHEEL": "\n".join(["Wheel-Version: 1.0", "Generator: pyxlate", "Root-Is-Purelib: false",
                                    *(f"Tag: {t}" for t in tags), ""]).encode(),
    }
    record = []
    for name, content in entries.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record.append(f"{name},sha256={digest},{len(content)}")
    record.append(f"{info}/RECORD,,")
    entries[f"{info}/RECORD"] = ("\n".join(record) + "\n").encode()

    out.mkdir(parents=True, exist_ok=True)
    path = out / f"pyxlate-{version}-py3-none-{platform_tag(program)}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
            wheel.writestr(entry, content)
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    arguments = parser.parse_args()
    print(build(arguments.binary, arguments.out))
