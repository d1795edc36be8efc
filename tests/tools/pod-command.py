"""Runs the command of the one container of a Kubernetes Job, as its pod of one index would, without Kubernetes.

    pod-command.py JOB.yaml PATH=HERE... INDEX [PREFIX...]

Each PATH in the command becomes HERE; PREFIX is a command that runs another one, such as setpriv.
"""
import os
import sys

import yaml

job, *rest = sys.argv[1:]
paths = [word.split("=", 1) for word in rest if "=" in word]
index, *prefix = [word for word in rest if "=" not in word]
with open(job, encoding="utf-8") as file:
    (container,) = yaml.safe_load(file)["spec"]["template"]["spec"]["containers"]
command = container["command"] + container["args"]
for path, here in paths:
    # As a word of its own or the start of a path: not within another word.
    command = [word.replace(f" {path} ", f" {here} ").replace(f'"{path}/', f'"{here}/') for word in command]
environment = {item["name"]: item["value"] for item in container.get("env", [])}
# No folder of its own to write to: readOnlyRootFilesystem.
environment |= {"JOB_COMPLETION_INDEX": index, "PATH": "/usr/bin:/bin", "TMPDIR": "/nonexistent", "HOME": "/nonexistent"}
os.chdir("/")
line = prefix + command
os.execvpe(line[0], line, environment)
