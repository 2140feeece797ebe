"""Times hier_config in its own process: JSON in, JSON out, CPU seconds. pip install hier-config"""
import json
import sys
import time
from importlib.metadata import version

from hier_config import Platform, WorkflowRemediation, get_hconfig

given = json.load(sys.stdin)


def timed(work):
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def remedy(pair):
    running = get_hconfig(Platform.CISCO_IOS, pair["running"])
    intended = get_hconfig(Platform.CISCO_IOS, pair["intended"])
    return WorkflowRemediation(running, intended).remediation_config


parse, _ = timed(lambda: get_hconfig(Platform.CISCO_IOS, given["large"]))
fleet, _ = timed(lambda: [remedy(pair) for pair in given["fleet"]])
acl, fixed = timed(lambda: remedy(given["list"]))
commands = sum(1 for child in fixed.all_children_sorted() if not child.children)
json.dump({"version": version("hier-config"), "parse": parse, "fleet": fleet, "list": acl, "commands": commands}, sys.stdout)
