"""Milliseconds a derivation by libraries of C: native.py COST.json. Prints JSON."""

import ctypes
import ctypes.util
import json
import sys
import time

from argon2.low_level import Type, hash_secret_raw

with open(sys.argv[1], encoding="utf-8") as file:
    cost = json.load(file)
password, salt = bytes(cost["password"]), bytes(cost["salt"])
memory, passes, turns = cost["memory"], cost["passes"], cost["turns"]


def each(derive):
    derive()
    began = time.perf_counter()
    for _ in range(turns):
        derive()
    return (time.perf_counter() - began) * 1e3 / turns


def argon2_cffi():
    return hash_secret_raw(password, salt, passes, memory, 1, 32, Type.ID)


took = {"argon2-cffi": each(argon2_cffi)}
# Debian's libargon2-1.
library = ctypes.CDLL(ctypes.util.find_library("argon2") or "libargon2.so.1")


def libargon2():
    out = ctypes.create_string_buffer(32)
    status = library.argon2id_hash_raw(passes, memory, 1, password, ctypes.c_size_t(len(password)), salt, ctypes.c_size_t(len(salt)), out, ctypes.c_size_t(32))
    if status != 0:
        sys.exit(f"libargon2: {status}")
    return out.raw


took["libargon2"] = each(libargon2)
if argon2_cffi() != libargon2():
    sys.exit("the libraries derive different keys")
print(json.dumps(took))
