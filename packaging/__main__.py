"""Runs the pyxlate command that this wheel installed: `python -m pyxlate`."""

import os
import subprocess
import sys
import sysconfig


def command():
    """The path of the command, wherever pip puts scripts here."""
    name = "pyxlate" + (sysconfig.get_config_var("EXE") or "")
    schemes = [sysconfig.get_path("scripts")]
    user = sysconfig.get_preferred_scheme("user")
    schemes.append(sysconfig.get_path("scripts", scheme=user))
    # pip install --target puts it beside the package.
    schemes.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin"))
    for directory in schemes:
        path = os.path.join(directory, name)
        if os.path.isfile(path):
            return path
    sys.exit("pyxlate: the command is not installed; looked in " + ", ".join(schemes))


if __name__ == "__main__":
    argv = [command(), *sys.argv[1:]]
    if os.name == "nt":
        sys.exit(subprocess.run(argv).returncode)
    os.execv(argv[0], argv)
